# /// script
# requires-python = ">=3.11"
# dependencies = ["kaleido==0.2.1", "nannyml==0.13.1", "numpy", "statsmodels<0.15"]
# ///
"""Prints columns of NannyML's synthetic car loans as JSON: 100 rows an hour, the change half-way."""

import json

import nannyml

ROWS_PER_H = 100
learned, looked, _ = nannyml.load_synthetic_car_loan_dataset()
found = {}
for column in ("car_value", "loan_length", "debt_to_income_ratio", "driver_tenure"):
    seen = [*learned[column].tolist(), *looked[column].tolist()]
    found[f"car loans, {column}"] = {
        "seen": [round(value, 4) for value in seen],
        "hours": [row // ROWS_PER_H for row in range(len(seen))],
        "learned_h": len(learned) // ROWS_PER_H,
        "change_h": (len(learned) + len(looked) // 2) // ROWS_PER_H,
    }
print(json.dumps(found))
