/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* html.h - HTML and SVG that cannot forget to escape.
 *
 * Everything goes through a struct html: a literal is copied, a value is escaped, and text that is markup
 * already has a type of its own which only html_done() makes, from what was written through another struct
 * html. There is no raw directive. Pages are templates (docs/templates.md); html() draws what code derives:
 * tables and forms from descriptions, charts, maps. */
#ifndef GRAPPE_HTML_H
#define GRAPPE_HTML_H

#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"
#include "text/buffer.h"
#include "text/slice.h"

struct arena;

struct html {
    struct buffer *out;
    const char *(*token)(void *owner); /* gives the anti-forgery token of forms; NULL: forms get none */
    void *owner;
};

/* Finished markup. Valid as long as the buffer it was written to. */
struct markup {
    struct slice bytes;
};

struct html *html_new(struct arena *, size_t limit); /* over a buffer of its own */
struct markup html_done(const struct html *);

/* Literal text with directives: %s %.*s %c (escaped for text and double-quoted attributes; NULL gives ""),
 * %d %i %u %x with l, ll, z, j; %f %e %g with width and precision (always with a decimal point, as SVG
 * wants);
 * %%. A %s that begins the value of href, src, action, formaction or xlink:href passes url_checked() first.
 * Only a literal compiles, and the arguments are checked against it. Cost about 5 ns a directive. */
#define html(h, ...) html_print_(h, "" __VA_ARGS__)
void html_print_(struct html *, const char *format, ...) PRINTF_LIKE(2, 3);

void html_text(struct html *, const char *text);      /* escaped; NULL gives nothing */
void html_slice(struct html *, struct slice);         /* escaped */
void html_integer(struct html *, int64_t);            /* plain digits; unknown gives nothing */
void html_url(struct html *, const char *address);    /* url_checked, then escaped */
void html_component(struct html *, const char *text); /* percent-encoded: a path segment or a query value */
void html_markup(struct html *, struct markup);
void html_token(
    struct html *); /* the hidden field "csrf": first thing in every form that posts; templates do it */

/* The address itself when a link may point there: relative, http, https or mailto, without control
 * characters;
 * "#" for the rest (javascript:, data:, NULL …). */
const char *url_checked(const char *address);

/* A path or address from a literal: %s and %.*s are percent-encoded so that each stays one component, numbers
 * are as in printf. url(a, "/organisations?q=%s", typed). */
#define url(arena, ...) url_print_(arena, "" __VA_ARGS__)
char *url_print_(struct arena *, const char *format, ...) PRINTF_LIKE(2, 3);

/* The address with one query parameter set to the value: every pair of that name goes, the new one is last.
 * NULL only removes. For links that sort, filter and turn pages. Cost O(length). */
char *url_with(struct arena *, const char *address, const char *name, const char *value);
/* One pair more, and one pair less: for facets that take several values. */
char *url_adding(struct arena *, const char *address, const char *name, const char *value);
char *url_without(struct arena *, const char *address, const char *name, const char *value);

#endif
