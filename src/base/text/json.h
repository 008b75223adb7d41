/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* json.h - writes JSON into a buffer, commas and escapes by itself (RFC 8259).
 *
 * json_begin_object(&j); json_put_key(&j, "id"); json_put_integer(&j, 3); json_end(&j); Text that is not
 * UTF-8 has the bad bytes replaced; numbers that are not finite, and unknown integers, become null. */
#ifndef GRAPPE_JSON_H
#define GRAPPE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "text/buffer.h"

struct json {
    struct buffer *out;
    bool comma;
    int depth;
    char closing[64];
};

struct json json_writer(struct buffer *);
void json_begin_object(struct json *);
void json_begin_array(struct json *);
void json_end(struct json *);
void json_put_key(struct json *, const char *name);
void json_put_text(struct json *, const char *text); /* NULL gives null */
void json_put_slice(struct json *, struct slice);
void json_put_integer(struct json *, int64_t);
void json_put_id(struct json *, int64_t);  /* 64-bit identifiers are strings: browsers' numbers end at 2^53 */
void json_put_real(struct json *, double); /* shortest form that reads back to the same double */
void json_put_bool(struct json *, bool);
void json_put_null(struct json *);
/* "name": value. */
void json_member_integer(struct json *, const char *name, int64_t);
void json_member_real(struct json *, const char *name, double);

#endif
