# SPDX-License-Identifier: AGPL-3.0-or-later
# A thin door for developers; Meson and the scripts in tools/ do the work.
.PHONY: build test lint fuzz faults judge bench rehearse format
build:
	@[ -f build/build.ninja ] || meson setup build -Db_sanitize=address,undefined -Db_lundef=false
	ninja -C build
test:
	./check
lint:
	tools/lint.sh
fuzz:
	tools/fuzz.sh
faults:
	tools/faults.sh
judge:
	tools/judge.sh
bench:
	tools/bench.sh
rehearse:
	tools/rehearse.sh
format:
	git ls-files '*.c' '*.h' | xargs clang-format -i
