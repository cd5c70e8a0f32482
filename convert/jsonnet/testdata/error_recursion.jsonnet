local f(n) = [f(n + 1)];
{ services: f(0) }
