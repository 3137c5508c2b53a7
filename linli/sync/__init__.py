"""What crosses the network: vocabulary, topics, the outbox, the MQTT link, the replica."""
