/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/capital.h"

#include <string.h>

#include "arena/arena.h"

/* In UTF-8 the small letters U+00E0..U+00FE stand 32 above their capitals, the division sign among them
 * excepted. */
const char *capitalised(struct arena *a, const char *text)
{
    char *copy = arena_text(a, text, strlen(text));
    unsigned char *c = (unsigned char *)copy;
    if (c[0] >= 'a' && c[0] <= 'z')
        c[0] = (unsigned char)(c[0] - 32);
    else if (c[0] == 0xC3 && c[1] >= 0xA0 && c[1] <= 0xBE && c[1] != 0xB7)
        c[1] = (unsigned char)(c[1] - 32);
    else if (c[0] == 0xC5 && c[1] == 0x93) /* the ligature oe */
        c[1] = 0x92;
    return copy;
}
