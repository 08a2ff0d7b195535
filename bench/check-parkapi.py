"""Reads the sites and spots of a server with the validators of parkapi-sources, as ParkAPI 3 does with every source it collects."""

import json
import sys
import urllib.request

from parkapi_sources.models import CombinedParkingSiteInput, CombinedParkingSpotInput
from validataclass.validators import DataclassValidator


def check(server, path, form):
    validator = DataclassValidator(form)
    seen = 0
    while path:
        with urllib.request.urlopen(server + path) as answer:
            page = json.load(answer)
        for item in page["items"]:
            validator.validate(item)
            seen += 1
        path = page.get("next_path")
    if seen != page["total_count"]:
        sys.exit(f"{seen} items instead of {page['total_count']}")
    print(f"{seen} items are a {form.__name__}")


if __name__ == "__main__":
    check(sys.argv[1].rstrip("/"), "/parkapi/v3/parking-sites?limit=100", CombinedParkingSiteInput)
    check(sys.argv[1].rstrip("/"), "/parkapi/v3/parking-spots?limit=100", CombinedParkingSpotInput)
