#!/usr/bin/env python3
"""Sums of an hourly pedestrian file by day, week, month and year, for comparison with the windows of the server.

Usage: footfall-sums.py FILE.csv > expected.csv

The file has the columns date, hour ("6:00-6:59", local time) and one for each sensor; its rows are consecutive hours. The date of a row is not
believed: the day turns at the row of hour 0. Shares no code with the server.
"""
import csv
import datetime
import sys


def main(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    sensors = rows[0][2:]
    day = datetime.date.fromisoformat(rows[1][0])
    sums = {}
    for number, row in enumerate(rows[1:]):
        if row[1].split(":")[0] == "0" and number > 0:
            day += datetime.timedelta(days=1)
        starts = {
            "P1D": day,
            "P1W": day - datetime.timedelta(days=day.weekday()),
            "P1M": day.replace(day=1),
            "P1Y": day.replace(month=1, day=1),
        }
        for sensor, cell in zip(sensors, row[2:]):
            if cell:
                for length, start in starts.items():
                    key = (sensor, length, start.isoformat())
                    sums[key] = sums.get(key, 0) + round(float(cell))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["sensor", "length", "start", "people"])
    for key, people in sorted(sums.items()):
        out.writerow([*key, people])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
