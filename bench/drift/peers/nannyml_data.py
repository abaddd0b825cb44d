# /// script
# requires-python = ">=3.11"
# dependencies = ["kaleido==0.2.1", "nannyml==0.13.1", "numpy", "statsmodels<0.15"]
# ///
"""Prints columns of NannyML's synthetic car loans as JSON: 100 rows an hour, the change half-way.

Four columns change after half of what is looked at. The others are as they were: alarms on them are false.
"""

import json

import nannyml

ROWS_PER_H = 100
CHANGED = ("car_value", "loan_length", "salary_range", "repaid_loan_on_prev_car")
SAME = ("debt_to_income_ratio", "driver_tenure", "size_of_downpayment")
learned, looked, _ = nannyml.load_synthetic_car_loan_dataset()
found = {}
for column in (*CHANGED, *SAME):
    seen = [*learned[column].tolist(), *looked[column].tolist()]
    number = isinstance(seen[0], float)
    names = sorted({str(value) for value in seen})
    change_h = (len(learned) + len(looked) // 2) // ROWS_PER_H
    found[f"car loans, {column}"] = {
        "seen": [round(value, 4) if number else names.index(str(value)) for value in seen],
        "hours": [row // ROWS_PER_H for row in range(len(seen))],
        "learned_h": len(learned) // ROWS_PER_H,
        "kind": "number" if number else "category",
        "change_h": change_h if column in CHANGED else None,
    }
print(json.dumps(found))
