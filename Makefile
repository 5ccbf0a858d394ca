.PHONY: check native rust test generate

# What CI looks at besides the tests.
check:
	python -m ruff check .
	python -m ruff format --check .
	python -m mypy
	lint-imports
	python tools/codegen.py --check
	python tools/cli_reference.py --check
	python tools/arrow_reference.py --check

# The native engine into this checkout, for those who work on it.
native:
	cd rust && cargo build --quiet --release -p cqlite-native
	cp rust/target/release/lib_native.so cqlite/_native.abi3.so

# The crates: format, lints as errors, and their tests against all fixtures.
rust:
	cd rust && cargo fmt --all --check && cargo clippy --quiet --workspace --all-targets --features arrow
	python -m pytest -n auto -m "rust and not cassandra"

test:
	python -m pytest -n auto

generate:
	python tools/codegen.py --write
	python tools/cli_reference.py --write

# docs/benchmarks.md; needs Java and Maven, and the native engine to be of use.
# BENCH=quick only tries everything out, on small tables.
bench:
	python -m benchmarks $(if $(filter quick,$(BENCH)),--quick)
