"""The broker's gate: who may connect, read and write, in Mosquitto's words, kept up to date."""
