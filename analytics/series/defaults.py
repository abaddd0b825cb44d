"""What series are compared with, unless the settings say otherwise, and how many false alarms are allowed."""

BUDGET = "at most one false drift alarm a month"
# drift.md 2.3: 28 days, 14 at least
DAYS = 28
DAYS_MIN = 14
