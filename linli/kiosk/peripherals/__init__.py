"""What is plugged in beside the readers, and what it does with a screen: slips, light, voice."""
