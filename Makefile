# jianbao 简报. `make publish` and `make test` do all set-up themselves; `make help` lists the rest.
# Written for GNU make 3.81 (macOS) and any newer one: no .ONESHELL, no grouped targets, no !=.

# The interpreter to make .venv with; not named: the first of these from 3.11 on. Any other Python can be named: make PYTHON=python3.12 test
PYTHON ?=
PYTHONS := $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)

PY := .venv/bin/python
JIANBAO := $(PY) -m jianbao

# What another Python of this machine was told must not reach ours.
unexport PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.PHONY: help publish preview test bench pictures successor lighthouse lint lock clean setup-run setup-test

# Free Chinese fonts for documents on paper, looked for once after each set-up; without them all goes on, but for the PDFs.
FONTS := [ -e .venv/jianbao-fonts ] || $(PY) scripts/get_fonts.py || :

# say(中文,English): in the language asked for.
say = case "$$JIANBAO_LANG" in [eE][nN]*) echo "$(2)" ;; *) echo "$(1)" ;; esac

help: ## 列出全部目标 // list the targets
	@awk -F ' ## | // ' 'BEGIN { column = ENVIRON["JIANBAO_LANG"] ~ /^[eE][nN]/ ? 3 : 2 } \
	    /^[a-z]+:.* ## / { split($$1, name, ":"); printf "  make %-10s %s\n", name[1], $$column }' Makefile

publish: setup-run ## 发布（inbox 为空时先写三天示范数据，逐日发布） // publish; into an empty inbox three sample days are written first
	@$(FONTS)
	@if [ -z "$$(ls inbox 2>/dev/null)" ]; then \
	    mkdir -p build && days=$$($(JIANBAO) sample --days 3) && echo "$$days" > build/sample-days || exit; \
	fi; \
	if [ -s build/sample-days ]; then \
	    for day in $$(cat build/sample-days); do \
	        $(JIANBAO) publish --date "$$day" --as-of "$${day}T12:00" || exit; \
	    done; \
	    rm build/sample-days; \
	else \
	    $(JIANBAO) publish; \
	fi

preview: setup-run ## 在本机预览网站 // serve the site on this machine
	@$(JIANBAO) preview

# All is run whatever fails, and a failure of any is one of the whole.
test: setup-test ## 全部检查和测试，含浏览器 // every check and test, with the browser
	@$(FONTS)
	@status=0; \
	$(PY) scripts/get_browser.py || case "$${JIANBAO_REQUIRE_BROWSER:-0}" in 0) ;; *) status=1 ;; esac; \
	$(MAKE) --no-print-directory lint || status=1; \
	$(PY) -m pytest -n auto --dist loadscope --no-loadscope-reorder || status=1; \
	[ $$status = 0 ] || $(call say,没有全部通过，见上文。,Not everything passed; see above.); \
	exit $$status

bench: setup-test ## 性能测试 // measure
	@$(PY) tests/bench/bench.py

pictures: setup-test ## 给说明文档截图（先 make publish） // take the pictures of the README (make publish first)
	@$(PY) scripts/get_browser.py && $(PY) scripts/pictures.py

successor: setup-run ## 试用下一代引擎生成网站，只提醒（先 make publish） // build with the engine that follows ours; warns only
	@$(PY) scripts/successor.py

lighthouse: setup-test ## Lighthouse 评分（需要 npm；先 make publish） // Lighthouse scores (needs npm; make publish first)
	@$(PY) scripts/lighthouse.py

lint: setup-test ## 格式、类型和模块边界 // style, types, imports
	@status=0; \
	$(PY) -m ruff check . || status=1; \
	$(PY) -m ruff format --check . || status=1; \
	$(PY) -m mypy || status=1; \
	.venv/bin/lint-imports || status=1; \
	exit $$status

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
lock: ## 更新 requirements/*.lock（需要 uv） // renew the lock files (needs uv)
	@command -v uv >/dev/null || { $(call say,没有找到 uv。安装方法见 https://docs.astral.sh/uv/,uv was not found: see https://docs.astral.sh/uv/); exit 1; }
	$(LOCK) requirements/build.in -o requirements/build.lock
	$(LOCK) pyproject.toml -o requirements/run.lock
	$(LOCK) pyproject.toml --extra test -o requirements/test.lock
	$(LOCK) pyproject.toml --extra scale -o requirements/scale.lock

clean: ## 删除 .venv、build 和缓存；数据、页面和记录不动 // remove .venv, build and caches; data, pages and record stay
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

setup-run setup-test:
	@for python in $(PYTHONS); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    exec "$$python" scripts/setup_env.py $(if $(PYTHON),--named) $(@:setup-%=%); \
	done; \
	{ $(call say,没有找到 Python 3.11 或更新的版本（找过：$(PYTHONS)）。下一步：安装一个（Debian：apt-get install python3 python3-venv；macOS：brew install python）；已装在别处的用 PYTHON=/路径/python3 指明。,No Python 3.11 or newer was found (looked for: $(PYTHONS)). Next: install one (Debian: apt-get install python3 python3-venv; macOS: brew install python) or name yours with PYTHON=/path/python3.); } >&2; \
	exit 1
