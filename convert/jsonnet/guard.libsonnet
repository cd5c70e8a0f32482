// What programs call in the place of functions of std that take any amount of memory in one step, and before they join
// strings. The limits are far above what a container stack needs.
local maxItems = 10000000;
local maxLength = 4194304;
// What is no 32-bit number is an error of std's own.
local isTooMany(n) = std.type(n) == 'number' && n > maxItems && n < 2147483648;
local tooMany(n) = error 'hull: an array of %d items is too large; the limit is %d' % [n, maxItems];
local tooLong(n) = error 'hull: a string of %d characters is too large; the limit is %d' % [n, maxLength];
local checked(n) = n <= maxLength || tooLong(n);
{
  makeArray(sz, func):: if isTooMany(sz) then tooMany(sz) else std.makeArray(sz, func),
  range(from, to)::
    if std.type(from) == 'number' && std.type(to) == 'number' && isTooMany(to - from + 1) then tooMany(to - from + 1)
    else std.range(from, to),
  repeat(what, count)::
    if std.type(count) == 'number' && isTooMany(count) then tooMany(count)
    else if std.type(what) == 'string' && checked(count * std.length(what)) then std.repeat(what, count)
    else std.repeat(what, count),
  // fits tells whether texts can be joined; what is no text is not its concern.
  fits(texts)::
    local sum(i, n) =
      if i == std.length(texts) || std.type(texts[i]) != 'string' then checked(n)
      else sum(i + 1, n + std.length(texts[i])) tailstrict;
    sum(0, 0),
}
