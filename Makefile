# All that a newcomer needs: Python 3.11 or later, and make.

.DEFAULT_GOAL := help
.PHONY: install run demo test check types docs bench reset help

UV_VERSION := 0.13.9
MEMBERS := libs/events libs/definition libs/clocks services/intake services/workflow services/sla \
	services/notify services/portal-api deploy/local
PROJECTS := pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))

# The project's own environment, whatever the shell has active.
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT PYTHONPATH PYTHONHOME
export UV_PYTHON_DOWNLOADS := never
export PYTHONUNBUFFERED := 1

help: ## Show this list
	@echo "make install  install everything into .venv (the other targets do this first)"
	@echo "make run      run the whole platform on this machine, until Ctrl-C"
	@echo "make demo     play a story on the running platform, in another terminal"
	@echo "make test     all checks and all tests"
	@echo "make check    style, types, layers, dependencies"
	@echo "make docs     the documentation as a site, in build/site"
	@echo "make bench    latency and throughput, compared with bare loops"
	@echo "make reset    delete all data of the platform on this machine"

install: .venv/installed .venv/compiled

.venv/bin/python:
	@for python in "$$PYTHON" python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if [ -n "$$python" ] && "$$python" -c \
	    'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making .venv with $$("$$python" --version)"; \
	    "$$python" -m venv .venv || { rm -rf .venv; \
	      echo "This Python cannot make virtual environments (Debian and Ubuntu: install" \
	        "python3-venv). PYTHON=/path/to/python make names another."; exit 1; }; \
	    exit 0; \
	  fi; \
	done; \
	echo "No Python 3.11 or later found. PYTHON=/path/to/python make names one."; exit 1

.venv/installed: uv.lock $(PROJECTS) | .venv/bin/python
	@.venv/bin/uv --version 2>/dev/null | grep -qF "uv $(UV_VERSION)" || { \
	  echo "Installing uv $(UV_VERSION)"; \
	  .venv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@echo "Installing the packages of uv.lock"
	@.venv/bin/uv sync --frozen --compile-bytecode
	@touch $@

# Where PYTHONDONTWRITEBYTECODE is set, as in many container images, nothing else compiles our code.
.venv/compiled: .venv/installed $(shell find $(addsuffix /src,$(MEMBERS)) -name '*.py')
	@.venv/bin/python -m compileall -q $(addsuffix /src,$(MEMBERS))
	@touch $@

# The recipe is one program without a shell around it: it stops when make dies.
run: install
	@.venv/bin/casefold up --with-parent

demo: install
	@.venv/bin/casefold demo

reset: install
	@.venv/bin/casefold reset

types: install
	.venv/bin/mypy $(addsuffix /src,$(MEMBERS))
	.venv/bin/mypy --explicit-package-bases tests benchmarks examples

check: install
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	@$(MAKE) --no-print-directory types
	.venv/bin/lint-imports
	.venv/bin/pytest tests/architecture tests/contract/events --junit-xml=build/check.xml
	.venv/bin/casefold definition check deploy/tenants/*/
	@for member in $(MEMBERS); do \
	  echo "deptry $$member"; (cd $$member && "$(CURDIR)/.venv/bin/deptry" src) || exit 1; done

test: install
	@.venv/bin/python -m tests --check --results build

docs: install
	@.venv/bin/uv sync --frozen --quiet --group docs
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict
	@echo "The site is in build/site; .venv/bin/mkdocs serve shows it while you write."

bench: install
	@.venv/bin/python -m benchmarks
