#pragma once

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
