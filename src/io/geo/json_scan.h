/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* json_scan.h - walks a large JSON text without building it in memory.
 *
 * A geographic file is one object of some hundred megabytes, mostly numbers. The scanner steps over values
 * and hands out the pieces asked for; small pieces go to jansson. It accepts some texts that strict JSON
 * refuses (in what it skips), never reads past the end, and goes at most JSON_SCAN_DEPTH brackets deep. */
#ifndef GRAPPE_JSON_SCAN_H
#define GRAPPE_JSON_SCAN_H

#include <stdbool.h>

#include "text/slice.h"

enum { JSON_SCAN_DEPTH = 64 };

struct json_scan {
    const char *at, *end;
    bool bad; /* sticky: the text is not JSON here */
};

struct json_scan json_scan(struct slice text);

/* Enters '[' or '{'; bad when something else stands there. */
bool json_enter(struct json_scan *, char bracket);

/* True while another item of the entered array follows: for (bool first = true; json_more(&s, ']', &first);)
 * … The caller takes exactly one value each time. */
bool json_more(struct json_scan *, char closing, bool *first);

bool json_key_of(struct json_scan *, struct slice *key);  /* the raw key and its colon */
bool json_value(struct json_scan *, struct slice *value); /* steps over any one value */
bool json_number(struct json_scan *, double *value);

/* The values of the named members, in one pass; a member that is absent gives an empty slice, one that is
 * there twice gives the first. False when the text is no object. */
bool json_members(struct slice object, const char *const *names, size_t count, struct slice *values);

/* Whether a value is this text: json_is(type, "Polygon"). */
bool json_is(struct slice value, const char *text);

#endif
