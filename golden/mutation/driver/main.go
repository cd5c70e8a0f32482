// Command driver verifies the conversions of some projects by a hull that has a
// fault. The mutation test builds it, with the faults in, and runs it:
//
//	driver FAULT < cases
//
// It reads the cases as JSON, and writes what became of each. With a fault, it
// ends at the first that does not verify. FAULT may be empty: there is none.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/sirupsen/logrus"

	"hull/convert/verify"
	"hull/golden/mutation/seed"
	"hull/ir/diag"
)

// Case is a project, and how it is converted.
type Case struct {
	Name    string
	Options verify.Options
}

// Verdict is what became of a case.
type Verdict struct {
	Case string
	// Refused holds where the conversion gives up, with a diagnostic.
	Refused bool
	// Found is what keeps the conversion from being proved: the first thing;
	// empty where it holds.
	Found string
}

func main() {
	logrus.SetOutput(io.Discard)
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "driver:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	var cases []Case
	if err := json.NewDecoder(in).Decode(&cases); err != nil {
		return err
	}
	w := json.NewEncoder(out)
	for _, c := range cases {
		v := try(c)
		if err := w.Encode(v); err != nil {
			return err
		}
		if v.Found != "" && seed.Fault != "" {
			break
		}
	}
	return nil
}

// try verifies a case.
func try(c Case) Verdict {
	r, err := verify.Verify(context.Background(), c.Options)
	v := Verdict{Case: c.Name}
	switch {
	case err != nil:
		v.Found = "impossible: " + err.Error()
	case r.Report.HasErrors():
		v.Refused, v.Found = true, "refused: "+firstError(r.Report)
	case len(r.Unexplained) > 0:
		v.Found = "unexplained: " + difference(r.Unexplained[0])
	case len(r.Unfounded) > 0:
		v.Found = fmt.Sprintf("unfounded: %s at %s", r.Unfounded[0].Code, r.Unfounded[0].Path)
	case !r.Holds():
		v.Found = "nothing is compared"
	}
	return v
}

func firstError(r *diag.Report) string {
	for _, d := range r.Diagnostics {
		if d.Severity == diag.Error {
			return d.Code + ": " + d.Message
		}
	}
	return ""
}

// difference is `services.web.scale: "3" became nothing`.
func difference(d verify.Difference) string {
	said := func(text *string) string {
		if text == nil {
			return "nothing"
		}
		return fmt.Sprintf("%q", *text)
	}
	return fmt.Sprintf("%s: %s became %s", d.Path, said(d.Source), said(d.Target))
}
