"""The boring checklist: five old questions of distributed systems, asked of every agent."""
