"""Holds the pipeline.json of an imported script against its configuration, as PyYAML reads that.

Usage: compare.py aphex-config.yaml pipeline.json
"""

import json
import sys

import yaml


def expected(configuration):
    """What the configuration says, in the words of pipeline.json."""
    return {
        "build": configuration["build"]["commands"],
        "stages": [
            {
                "name": environment["name"],
                "account": environment["account"],
                "region": environment["region"],
                "stacks": [stack["name"] for stack in environment["stacks"]],
                "tests": (environment.get("tests") or {}).get("commands") or [],
            }
            for environment in configuration["environments"]
        ],
    }


def found(pipeline):
    """The same of the pipeline."""
    return {
        "build": pipeline["build"]["commands"],
        "stages": [
            {
                "name": stage["name"],
                "account": stage["account"],
                "region": stage["region"],
                "stacks": stage["stacks"],
                "tests": (stage.get("tests") or {}).get("commands", []),
            }
            for stage in pipeline["stages"]
        ],
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        wanted = expected(yaml.load(file, Loader=yaml.SafeLoader))
    with open(sys.argv[2], encoding="utf-8") as file:
        there = found(json.load(file)["pipeline"])
    if wanted != there:
        sys.exit(f"{sys.argv[1]} says\n{json.dumps(wanted, indent=2)}\nand the script\n{json.dumps(there, indent=2)}")


main()
