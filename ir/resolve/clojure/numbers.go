package clojure

import (
	"cmp"
	"math"
	"math/big"
)

func isNumber(v Value) bool {
	switch v.(type) {
	case int64, float64, Ratio:
		return true
	}
	return false
}

func needNumbers(vs ...Value) error {
	for _, v := range vs {
		if !isNumber(v) {
			return fail("%s is no number", shorten(v))
		}
	}
	return nil
}

func toFloat(v Value) float64 {
	switch x := v.(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	case Ratio:
		f, _ := big.NewRat(x.Num, x.Den).Float64()
		return f
	}
	return nan
}

func toRat(v Value) *big.Rat {
	switch x := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(x)
	case Ratio:
		return big.NewRat(x.Num, x.Den)
	}
	return new(big.Rat)
}

func fromRat(r *big.Rat) (Value, error) {
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return nil, unsupported("integers of more than 64 bits are not supported")
	}
	if r.IsInt() {
		return r.Num().Int64(), nil
	}
	return Ratio{r.Num().Int64(), r.Denom().Int64()}, nil
}

// fromFractions is the result of arithmetic with a fraction. Where that is
// whole, Clojure makes a BigInt of it, which is written with an N.
func fromFractions(r *big.Rat) (Value, error) {
	if r.IsInt() {
		return nil, unsupported("%s as a BigInt is not supported", r.Num())
	}
	return fromRat(r)
}

// toLong is Clojure's long.
func toLong(v Value) (int64, error) {
	switch x := v.(type) {
	case int64:
		return x, nil
	case Char:
		return int64(x), nil
	case float64:
		if math.IsNaN(x) {
			return 0, nil
		}
		if x >= -(1<<63) && x < 1<<63 {
			return int64(x), nil
		}
		return 0, fail("%s is too large for an integer", javaFloat(x))
	case Ratio:
		return x.Num / x.Den, nil
	}
	return 0, fail("%s is no number", shorten(v))
}

// operator is an arithmetic operation on integers, fractions and floats.
type operator struct {
	ints   func(a, b int64) (n int64, ok bool) // not ok on overflow
	rats   func(a, b *big.Rat) *big.Rat
	floats func(a, b float64) float64
}

var (
	plus = operator{
		func(a, b int64) (int64, bool) { n := a + b; return n, (n > a) == (b > 0) },
		func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) },
		func(a, b float64) float64 { return a + b },
	}
	minus = operator{
		func(a, b int64) (int64, bool) { n := a - b; return n, (n < a) == (b > 0) },
		func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) },
		func(a, b float64) float64 { return a - b },
	}
	times = operator{
		multiply,
		func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) },
		func(a, b float64) float64 { return a * b },
	}
)

func multiply(a, b int64) (int64, bool) {
	n := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	return n.Int64(), n.IsInt64()
}

func (op operator) apply(a, b Value) (Value, error) {
	if err := needNumbers(a, b); err != nil {
		return nil, err
	}
	if anyFloat(a, b) {
		return op.floats(toFloat(a), toFloat(b)), nil
	}
	x, okX := a.(int64)
	y, okY := b.(int64)
	if !okX || !okY {
		return fromFractions(op.rats(toRat(a), toRat(b)))
	}
	n, ok := op.ints(x, y)
	if !ok {
		return nil, fail("integer overflow")
	}
	return n, nil
}

func anyFloat(a, b Value) bool {
	_, isA := a.(float64)
	_, isB := b.(float64)
	return isA || isB
}

func divide(a, b Value) (Value, error) {
	if err := needNumbers(a, b); err != nil {
		return nil, err
	}
	if anyFloat(a, b) {
		if toFloat(b) == 0 {
			return nil, unsupported("what a division by zero gives depends on what the compiler knows of the numbers")
		}
		return toFloat(a) / toFloat(b), nil
	}
	if b == int64(0) {
		return nil, fail("divide by zero")
	}
	ratio := new(big.Rat).Quo(toRat(a), toRat(b))
	if isA[Ratio](a) || isA[Ratio](b) {
		return fromFractions(ratio)
	}
	return fromRat(ratio)
}

// fold applies an operation from the left; one value is checked only, and may
// be nil.
func fold(op func(a, b Value) (Value, error), none Value) native {
	return func(_ *machine, args []Value) (Value, error) {
		if len(args) == 0 {
			return none, nil
		}
		total := args[0]
		if len(args) == 1 && total == nil {
			return nil, nil
		}
		if err := needNumbers(total); err != nil {
			return nil, err
		}
		for _, arg := range args[1:] {
			var err error
			if total, err = op(total, arg); err != nil {
				return nil, err
			}
		}
		return total, nil
	}
}

func quotient(m *machine, args []Value) (Value, error) {
	if len(args) == 1 {
		return divide(int64(1), args[0])
	}
	return fold(divide, nil)(m, args)
}

// negate keeps the sign of zero, which subtraction from 0 loses.
func negate(_ *machine, args []Value) (Value, error) {
	if f, ok := args[0].(float64); ok {
		return -f, nil
	}
	return minus.apply(int64(0), args[0])
}

func subtract(m *machine, args []Value) (Value, error) {
	if len(args) == 1 {
		return negate(m, args)
	}
	return fold(minus.apply, nil)(m, args)
}

func addTo(n int64) native {
	return func(_ *machine, args []Value) (Value, error) { return plus.apply(args[0], n) }
}

// division is quot, rem or mod.
func division(ints func(a, b int64) int64, floats func(a, b float64) float64) native {
	return func(_ *machine, args []Value) (Value, error) {
		a, b := args[0], args[1]
		if err := needNumbers(a, b); err != nil {
			return nil, err
		}
		if toFloat(b) == 0 {
			return nil, fail("divide by zero")
		}
		if anyFloat(a, b) {
			f := floats(toFloat(a), toFloat(b))
			if math.IsNaN(f) || math.IsInf(f, 0) || math.Abs(toFloat(a)/toFloat(b)) > 1<<53 {
				return nil, unsupported("dividing numbers of that size is not supported")
			}
			return f, nil
		}
		x, okX := a.(int64)
		y, okY := b.(int64)
		if !okX || !okY {
			return nil, unsupported("integer division of fractions is not supported")
		}
		if x == math.MinInt64 && y == -1 {
			return nil, unsupported("integers of more than 64 bits are not supported")
		}
		return ints(x, y), nil
	}
}

func quotInts(a, b int64) int64 { return a / b }
func remInts(a, b int64) int64  { return a % b }

func modInts(a, b int64) int64 {
	r := a % b
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

func quotFloats(a, b float64) float64 { return math.Trunc(a / b) }
func remFloats(a, b float64) float64  { return a - math.Trunc(a/b)*b }

func modFloats(a, b float64) float64 {
	r := remFloats(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

func compareNumbers(a, b Value) int {
	if anyFloat(a, b) {
		x, y := toFloat(a), toFloat(b)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	x, okX := a.(int64)
	y, okY := b.(int64)
	if okX && okY {
		return cmp.Compare(x, y)
	}
	return toRat(a).Cmp(toRat(b))
}

// ordered tells whether every number stands in the relation to the next; one
// value alone is not looked at.
func ordered(holds func(a, b Value) bool) native {
	return func(_ *machine, args []Value) (Value, error) {
		for i := 1; i < len(args); i++ {
			if err := needNumbers(args[i-1], args[i]); err != nil {
				return nil, err
			}
			if !holds(args[i-1], args[i]) {
				return false, nil
			}
		}
		return true, nil
	}
}

func isNaN(v Value) bool {
	f, ok := v.(float64)
	return ok && math.IsNaN(f)
}

// relation is a comparison of numbers; nothing is true of NaN.
func relation(holds func(order int) bool) native {
	return ordered(func(a, b Value) bool { return !isNaN(a) && !isNaN(b) && holds(compareNumbers(a, b)) })
}

// extreme is max (sign 1) or min (sign -1).
func extreme(sign int) native {
	return func(_ *machine, args []Value) (Value, error) {
		best := args[0]
		for _, arg := range args[1:] {
			if err := needNumbers(best, arg); err != nil {
				return nil, err
			}
			if isNaN(best) {
				continue
			}
			if isNaN(arg) || compareNumbers(arg, best)*sign >= 0 {
				best = arg
			}
		}
		return best, nil
	}
}

// sign is a predicate on the sign of a number.
func sign(holds func(order int) bool) native {
	return func(_ *machine, args []Value) (Value, error) {
		if err := needNumbers(args[0]); err != nil {
			return nil, err
		}
		return !isNaN(args[0]) && holds(compareNumbers(args[0], int64(0))), nil
	}
}

func parity(rest int64) native {
	return func(_ *machine, args []Value) (Value, error) {
		n, ok := args[0].(int64)
		if !ok {
			return nil, fail("an integer is needed, not %s", shorten(args[0]))
		}
		return n&1 == rest, nil
	}
}

func intFn(_ *machine, args []Value) (Value, error) {
	n, err := toLong(args[0])
	if f, ok := args[0].(float64); ok && (math.IsNaN(f) || math.Abs(f) > math.MaxInt32) {
		return nil, unsupported("int of %s is not supported", javaFloat(f))
	}
	if err == nil && n != int64(int32(n)) {
		err = fail("%d is out of the range of int", n)
	}
	return n, err
}

func longFn(_ *machine, args []Value) (Value, error) {
	n, err := toLong(args[0])
	return n, err
}

func doubleFn(_ *machine, args []Value) (Value, error) {
	if err := needNumbers(args[0]); err != nil {
		return nil, err
	}
	return toFloat(args[0]), nil
}

func absFn(_ *machine, args []Value) (Value, error) {
	if err := needNumbers(args[0]); err != nil {
		return nil, err
	}
	if f, ok := args[0].(float64); ok {
		return math.Abs(f), nil
	}
	if args[0] == int64(math.MinInt64) {
		return args[0], nil
	}
	if compareNumbers(args[0], int64(0)) < 0 {
		return minus.apply(int64(0), args[0])
	}
	return args[0], nil
}

func charFn(_ *machine, args []Value) (Value, error) {
	if c, ok := args[0].(Char); ok {
		return c, nil
	}
	n, err := toLong(args[0])
	if err != nil {
		return nil, err
	}
	if n < 0 || n > 0xFFFF {
		return nil, fail("%d is no character", n)
	}
	if isSurrogate(rune(n)) {
		return nil, unsupported("halves of characters are not supported")
	}
	return Char(n), nil
}

var numberFuncs = funcs{
	"+": {0, -1, fold(plus.apply, int64(0))}, "*": {0, -1, fold(times.apply, int64(1))},
	"-": {1, -1, subtract}, "/": {1, -1, quotient},
	"inc": {1, 1, addTo(1)}, "dec": {1, 1, addTo(-1)}, "abs": {1, 1, absFn},
	"quot": {2, 2, division(quotInts, quotFloats)}, "rem": {2, 2, division(remInts, remFloats)},
	"mod": {2, 2, division(modInts, modFloats)},
	"max": {1, -1, extreme(1)}, "min": {1, -1, extreme(-1)},
	"<": {1, -1, relation(func(o int) bool { return o < 0 })}, "<=": {1, -1, relation(func(o int) bool { return o <= 0 })},
	">": {1, -1, relation(func(o int) bool { return o > 0 })}, ">=": {1, -1, relation(func(o int) bool { return o >= 0 })},
	"==":    {1, -1, relation(func(o int) bool { return o == 0 })},
	"zero?": {1, 1, sign(func(o int) bool { return o == 0 })}, "pos?": {1, 1, sign(func(o int) bool { return o > 0 })},
	"neg?": {1, 1, sign(func(o int) bool { return o < 0 })}, "even?": {1, 1, parity(0)}, "odd?": {1, 1, parity(1)},
	"int": {1, 1, intFn}, "long": {1, 1, longFn}, "double": {1, 1, doubleFn}, "char": {1, 1, charFn},
	"num": {1, 1, func(_ *machine, args []Value) (Value, error) {
		if args[0] == nil {
			return nil, nil
		}
		return args[0], needNumbers(args[0])
	}},
}
