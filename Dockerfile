# An image with hull alone: docker build -t hull . && docker run --rm -v "$PWD:/work" hull convert
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /hull ./cmd/hull

FROM scratch
COPY --from=build /hull /hull
WORKDIR /work
ENTRYPOINT ["/hull"]
