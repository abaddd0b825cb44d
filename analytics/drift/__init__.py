"""Drift: what changed in what agents put out, by summaries alone, with a controlled rate of false alarms."""
