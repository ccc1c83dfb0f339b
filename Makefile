# Thin: each target calls a script. `make run` and `make test` set up what they need; the second time that is quick.
.DEFAULT_GOAL := help
PY := .venv/bin/python
.PHONY: help setup system-packages run test demo guide bench soak lint format package cleanroom lock

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

setup: ## Python and npm packages, web assets; only what has changed
	@scripts/setup.sh

system-packages: ## Chromium, a Japanese font, PostgreSQL, Redis (installs as root, names what is missing otherwise)
	@scripts/system-packages.sh

run: setup ## the shop, the pretend marketplace and the extension; LAN=1 for phones in the same network
	@$(PY) scripts/run.py $(if $(filter 1,$(LAN)),--lan)

test: system-packages setup ## everything that must be green
	@$(PY) scripts/check.py --all

lint: setup ## ruff, mypy, import rules, eslint, tsc, generated files
	@$(PY) scripts/check.py --lint

demo: system-packages setup ## the whole loop in a real Chromium; evidence in demo-output/
	@$(PY) -m demo

guide: system-packages setup ## the pictures of the staff guide, taken anew by the browser tests
	@$(PY) -m pytest -q tests/e2e/test_buyin.py tests/e2e/test_desk.py tests/e2e/test_listing_form.py \
	  tests/e2e/test_direct.py -m "not soak"
	@mkdir -p docs/guide/images && cp test-output/guide/*.png docs/guide/images/

bench: system-packages setup ## the benchmarks; ONLY=B1,B3 runs some
	@$(PY) -m bench $(ONLY)

soak: system-packages setup ## the long random runs
	@$(PY) scripts/check.py --soak

package: setup ## the wheel and the extension's store zip, both in dist/
	@scripts/package.sh

cleanroom: ## `make run` and `make test` in a fresh Debian (needs root and mmdebstrap)
	@scripts/cleanroom.sh

format: setup ## rewrite to the house's format
	@$(PY) -m ruff check --fix-only --quiet . && $(PY) -m ruff format .

lock: ## pin anew (the one target that needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --group dev --extra postgres --extra scale \
	  pyproject.toml -o requirements.lock
