// Runs before the code of a Polytope file, and takes away what that must not
// have. See confine.go.
(function (globals, maxText, maxItems) {
  const apply = Reflect.apply, define = Object.defineProperty, text = String;

  // What makes functions of text is also reached from each kind of function.
  for (const f of [function () {}, function* () {}, async function () {}]) {
    delete Object.getPrototypeOf(f).constructor;
  }

  function bound(on, name, isTooMuch) {
    const native = on[name];
    if (typeof native !== "function" || name === "constructor") return;
    define(on, name, {
      value: function (...args) {
        if (isTooMuch(this, args)) throw new RangeError(name + " makes or reads too much");
        return apply(native, this, args);
      },
      writable: true, configurable: true, enumerable: false,
    });
  }

  const size = (x) => (x === null || x === undefined ? 0 : x.length >>> 0);
  const isText = (x) => typeof x === "string";
  const repeats = (s, [n]) => text(s).length * Number(n) > maxText;
  const pads = (s, [n]) => Number(n) > maxText;
  const replaces = (s, [, by]) => isText(by) && (text(s).length + 1) * (by.length + 1) > maxText;
  for (const [name, isTooMuch] of [
    ["repeat", repeats], ["padStart", pads], ["padEnd", pads], ["replace", replaces], ["replaceAll", replaces],
  ]) {
    bound(String.prototype, name, isTooMuch);
  }

  const isLong = (list, args) => size(list) > maxItems || (isText(args[0]) && size(list) * args[0].length > maxText);
  for (const name of Object.getOwnPropertyNames(Array.prototype)) bound(Array.prototype, name, isLong);
  bound(Array, "from", (_, args) => size(args[0]) > maxItems);

  delete Math.random;
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!globals.includes(name)) delete globalThis[name];
  }
})
