"""The year's honours: candidates by rule, chosen by the panel, each with a certificate."""
