# What can be done here. Each target installs the Debian packages it needs and lacks.

.PHONY: help deps run test check bench agentload clean

help:
	@echo "make run     build the server and start it with a key and a database of its own"
	@echo "make test    run every test; ends with 'N passed, N failed'"
	@echo "make check   what must hold before a change is finished: format, build, tests, sanitizers"
	@echo "make bench   CPU per request beside a C program that does nothing"
	@echo "make clean   remove what was built"

deps:
	@Scripts/install-packages build

run: deps
	swift build --configuration release --product martlet
	@exec "$$(swift build --configuration release --show-bin-path)/martlet" serve --development

test:
	@Scripts/test

check:
	@Scripts/check

bench:
	@Scripts/install-packages bench
	@[ -n "$(MARTLET_BIN)" ] || swift build --configuration release --product martlet
	@swift build --configuration release --package-path Benchmarks --scratch-path .build \
		--product verification
	@Benchmarks/bench

agentload: deps
	@swift build --configuration release --package-path Benchmarks --scratch-path .build \
		--product agentload

clean:
	rm -rf .build .build-tsan .build-asan .build-greeter .build-differential .venv-interop
