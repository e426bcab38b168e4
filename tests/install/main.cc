#include <cstdio>

#include <levada/core/uuid.h>
#include <levada/levada.h>

int main() { std::puts("outside: ok"); }
