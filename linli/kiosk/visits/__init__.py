"""What a person does at the terminal beside checking in: looks, settles, redeems."""
