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

# The conversion of every project below CORPUS against compose-go's own load of
# it, as a ratio of the same run.
CORPUS ?= golden/testdata
bench:
	$(GO) run ./golden/corpus -bench $(CORPUS)

# How hull and compose-go judge every project below CORPUS.
corpus:
	$(GO) run ./golden/corpus $(CORPUS)

# Writes what the tests compare with; look at the difference before committing.
golden:
	$(GO) test ./golden ./cmd/hull ./convert/rewrite -update

# Writes the pages that are made from the code's tables.
docs:
	$(GO) generate ./...
