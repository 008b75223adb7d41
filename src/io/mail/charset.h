/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* charset.h - what people wrote, whatever their program says or does not say of its bytes. */
#ifndef GRAPPE_MAIL_CHARSET_H
#define GRAPPE_MAIL_CHARSET_H

#include "text/slice.h"

struct arena;

/* As valid UTF-8, in the arena: by the charset ("iso-8859-15"), where it is one of a short list; where it is
 * not, is NULL, or holds no letter beyond ASCII, as UTF-8 when the bytes are that, else as windows-1252. Each
 * byte that is none in its charset becomes U+FFFD. A byte 0 stays one. Cost O(bytes).
 *
 * Linking this limits iconv_open() of the whole program to that list. */
struct slice charset_text(struct arena *, struct slice bytes, const char *charset);

#endif
