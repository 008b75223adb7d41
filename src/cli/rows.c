/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void csv_cell(struct buffer *out, struct slice s)
{
    static const bool quoting[256] = {
        ['"'] = true, [','] = true, [';'] = true, ['\n'] = true, ['\r'] = true, [0] = true};
    bool quoted = false;
    for (size_t i = 0; i < s.len && !quoted; i++)
        quoted = quoting[(unsigned char)s.ptr[i]];
    buffer_text(out, quoted ? "\"" : "");
    for (const char *quote; quoted && s.len && (quote = memchr(s.ptr, '"', s.len));) {
        size_t taken = (size_t)(quote - s.ptr) + 1;
        buffer_add(out, s.ptr, taken);
        buffer_char(out, '"');
        s = (struct slice){s.ptr + taken, s.len - taken};
    }
    buffer_slice(out, s);
    buffer_text(out, quoted ? "\"" : "");
}

struct rows_out rows_out_start(struct buffer *b, const char *name, const char *const *columns, bool as_json)
{
    struct rows_out r = {.json = json_writer(b), .columns = columns, .as_json = as_json};
    if (as_json) {
        json_begin_object(&r.json);
        json_put_key(&r.json, name);
        json_begin_array(&r.json);
    }
    for (; columns[r.count]; r.count++)
        if (!as_json)
            buffer_print(b, "%s%s", r.count ? "," : "", columns[r.count]);
    buffer_text(b, as_json ? "" : "\n");
    return r;
}

static void begin_cell(struct rows_out *r)
{
    if (!r->as_json) {
        buffer_text(r->json.out, r->at ? "," : "");
        r->json.comma = false;
        return;
    }
    if (!r->at)
        json_begin_object(&r->json);
    json_put_key(&r->json, r->columns[r->at]);
}

static void end_cell(struct rows_out *r)
{
    if (++r->at < r->count)
        return;
    r->at = 0;
    if (r->as_json)
        json_end(&r->json);
    else
        buffer_char(r->json.out, '\n');
}

void rows_out_text(struct rows_out *r, struct slice text)
{
    begin_cell(r);
    if (r->as_json)
        json_put_slice(&r->json, text);
    else
        csv_cell(r->json.out, text);
    end_cell(r);
}

void rows_out_number(struct rows_out *r, double value)
{
    begin_cell(r);
    if (r->as_json || isfinite(value))
        json_put_real(&r->json, value);
    end_cell(r);
}

struct fault *rows_out_finish(struct rows_out *r, const char *sentence)
{
    if (r->as_json) {
        json_end(&r->json);
        json_put_key(&r->json, "sentence");
        json_put_text(&r->json, sentence);
        json_end(&r->json);
        buffer_char(r->json.out, '\n');
    } else if (sentence) {
        (void)fprintf(stderr, "%s\n", sentence);
    }
    return answer_print(r->json.out);
}

struct fault *answer_print(struct buffer *b)
{
    TRY(buffer_check(b));
    if ((b->len && fwrite(b->ptr, 1, b->len, stdout) != b->len) || fflush(stdout) != 0)
        return fault(FAULT_IO, "The answer cannot be written.");
    return NULL;
}
