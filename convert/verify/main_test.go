package verify

import (
	"io"
	"os"
	"testing"

	"github.com/sirupsen/logrus"
)

// TestMain keeps compose-go from logging, as cmd does.
func TestMain(m *testing.M) {
	logrus.SetOutput(io.Discard)
	os.Exit(m.Run())
}
