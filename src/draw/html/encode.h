/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* encode.h - percent-encoding (RFC 3986): what is not a letter, a digit or one of -._~ becomes %XX. */
#ifndef GRAPPE_ENCODE_H
#define GRAPPE_ENCODE_H

#include "text/buffer.h"
#include "text/slice.h"

void percent_encode(struct buffer *, struct slice);

#endif
