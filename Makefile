# What can be done here. Each target installs the Debian packages it needs and lacks.

.PHONY: help deps run test check soak fuzz package package-check clean
.PHONY: bench bench-micro bench-idle bench-peers bench-fair-share bench-growth bench-list-growth bench-latency
.PHONY: release-build agentload instructions instructions-update allocations

for_release := --configuration release
benchmarks := $(for_release) --package-path Benchmarks --scratch-path .build

help:
	@echo "make run     build the server and start it with a key and a database of its own"
	@echo "make test    run every test; ends with 'N passed, N failed'"
	@echo "make check   what must hold before a change is finished: format, build, tests, sanitizers"
	@echo "make soak    what takes long: servers restarted under load, slow clients, an hour of churn"
	@echo "make fuzz    a minute of fuzzing for each thing that takes bytes from strangers"
	@echo "make package a tarball and a Debian package; make package-check installs it without Swift"
	@echo "make clean   remove what was built"
	@echo
	@echo "make bench              CPU per request beside a C program that does nothing"
	@echo "make bench-idle         memory for each connection that does nothing"
	@echo "make bench-peers        what other servers need for the same work"
	@echo "make bench-fair-share   whether one agent that floods makes the others wait"
	@echo "make bench-growth       what bodies, pages, connections and tokens cost as they grow"
	@echo "make bench-list-growth  what a page costs when there are millions of to-dos"
	@echo "make bench-latency      how long calls take at half of the highest rate that is held"
	@echo "make bench-micro        the hot paths one by one, on the clock"
	@echo "make instructions       the hot paths' instructions, compared with the committed counts"
	@echo "make allocations        what a request allocates, compared with what it may"
	@echo "make agentload          build the load generator: .build/release/agentload --help"

deps:
	@Scripts/install-packages build

run: deps
	swift build --configuration release --product martlet
	@exec "$$(swift build --configuration release --show-bin-path)/martlet" serve --development

test:
	@Scripts/test

check:
	@Scripts/check

soak: deps
	@Scripts/soak

release-build:
	@Scripts/install-packages bench
	@[ -n "$(MARTLET_BIN)" ] || swift build $(for_release) --product martlet

agentload:
	@Scripts/install-packages build
	@[ -n "$(AGENTLOAD_BIN)" ] || swift build $(benchmarks) --product agentload

bench: release-build
	@[ -n "$(VERIFICATION_BIN)" ] || swift build $(benchmarks) --product verification
	@Benchmarks/bench

bench-idle: release-build
	@Benchmarks/idle

bench-peers: release-build agentload
	@Benchmarks/Peers/setup
	@swift build $(for_release) --package-path Benchmarks/Peers/HummingbirdPeer
	@Benchmarks/peers

bench-fair-share: release-build agentload
	@Benchmarks/fair-share

bench-growth: release-build
	@Benchmarks/growth

bench-list-growth: release-build agentload
	@Benchmarks/list-growth

bench-latency: release-build agentload
	@Benchmarks/latency

bench-micro: deps
	swift package --package-path Benchmarks/Micro --scratch-path .build-micro benchmark

instructions:
	@Scripts/count-instructions

instructions-update:
	@Scripts/count-instructions --update

allocations: release-build
	@Benchmarks/allocations

fuzz:
	@Scripts/fuzz

package:
	@Scripts/package

package-check: package
	@Scripts/package-check

clean:
	rm -rf .build .build-micro Benchmarks/Peers/HummingbirdPeer/.build .build-tsan .build-asan .build-fuzz .build-package .build-greeter .build-differential .venv-interop .venv-peers
