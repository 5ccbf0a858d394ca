.PHONY: check rust test generate

# What CI looks at besides the tests.
check:
	python -m ruff check .
	python -m ruff format --check .
	python -m mypy
	lint-imports
	python tools/codegen.py --check
	python tools/cli_reference.py --check

# The core crate: format, lints as errors, and its tests against all fixtures.
rust:
	cd rust && cargo fmt --check && cargo clippy --quiet --all-targets
	python -m pytest -m rust

test:
	python -m pytest -n auto

generate:
	python tools/codegen.py --write
	python tools/cli_reference.py --write
