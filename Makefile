GO ?= go

.PHONY: build demo test check bench corpus golden docs

build:
	$(GO) build -o bin/hull ./cmd/hull

# Converts a copy of the project in docs/demo and shows what comes out.
demo: build
	@out=$$(mktemp -d) && trap 'rm -rf "$$out"' EXIT && \
	cp -R docs/demo/. "$$out" && hull=$$PWD/bin/hull && cd "$$out" && \
	echo '$$ hull convert' && "$$hull" convert && \
	for file in polytope.yml .values_and_secrets.defaults.sh; do \
		echo && echo "$$ cat $$file" && cat "$$file"; \
	done

test:
	$(GO) test ./...

check:
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@files=$$($(GO) tool gofumpt -l .); test -z "$$files" || { echo "not formatted by gofumpt:"; echo "$$files"; exit 1; }

# hull against a bare load by compose-go, as ratios of the same run: a batch on
# one core and on two, a single run, memory; see docs/performance.md.
bench:
	$(GO) run ./golden/bench

# How hull and compose-go judge every project below CORPUS.
CORPUS ?= golden/testdata
corpus:
	$(GO) run ./golden/corpus $(CORPUS)

# Writes what the tests compare with; look at the difference before committing.
golden:
	$(GO) test ./golden ./golden/mutation ./cmd/hull ./convert/rewrite ./convert/knot ./convert/jsonnet \
		./emit/compose ./emit/graph ./emit/jsonnet ./emit/knot ./ir/resolve -update

# Writes the pages that are made from the code's tables.
docs:
	$(GO) generate ./convert/... ./emit/...
