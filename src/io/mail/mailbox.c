/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/mailbox.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "mail/library.h"
#include "mail/message.h"
#include "text/buffer.h"

struct mailbox {
    const struct mailbox_settings *settings;
    CURL *curl;
    int64_t validity; /* as the server said it when the mailbox was opened */
    struct buffer *into;
};

static int hear(CURL *curl, curl_infotype kind, char *line, size_t size, void *box)
{
    static const char said[] = "* OK [UIDVALIDITY ";
    (void)curl;
    if (kind == CURLINFO_HEADER_IN && size > strlen(said) && memcmp(line, said, strlen(said)) == 0)
        ((struct mailbox *)box)->validity = strtoll(line + strlen(said), NULL, 10);
    return 0;
}

static size_t take(char *bytes, size_t one, size_t count, void *box)
{
    struct mailbox *b = box;
    buffer_add(b->into, bytes, one * count);
    return b->into->over ? 0 : one * count;
}

static int go_on(void *box, curl_off_t to_come, curl_off_t come, curl_off_t to_go, curl_off_t gone)
{
    const struct mailbox_settings *s = ((struct mailbox *)box)->settings;
    (void)to_come, (void)come, (void)to_go, (void)gone;
    return s->go_on && !s->go_on(s->owner);
}

static void close_box(void *box)
{
    curl_easy_cleanup(((struct mailbox *)box)->curl);
}

struct fault *mailbox_open(struct arena *a, const struct mailbox_settings *s, struct mailbox **out)
{
    enum { PATIENCE_S = 60 };
    TRY(mail_library_start());
    struct mailbox *b = NEW(a, struct mailbox, 1);
    b->settings = s;
    b->curl = curl_easy_init();
    if (!b->curl)
        return fault(FAULT_BUG, "The mail library has no memory left.");
    arena_defer(a, close_box, b);
    mail_library_set(b->curl, s->url, s->user, s->password, PATIENCE_S);
    curl_easy_setopt(b->curl, CURLOPT_DEBUGFUNCTION, hear);
    curl_easy_setopt(b->curl, CURLOPT_DEBUGDATA, b);
    curl_easy_setopt(b->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(b->curl, CURLOPT_WRITEDATA, b);
    curl_easy_setopt(b->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(b->curl, CURLOPT_XFERINFOFUNCTION, go_on);
    curl_easy_setopt(b->curl, CURLOPT_XFERINFODATA, b);
    *out = b;
    return NULL;
}

static struct fault *unread(CURLcode failed)
{
    return fault(FAULT_IO, "The mailbox cannot be read: %s.", curl_easy_strerror(failed));
}

/* "24-Oct-2026" */
static const char *day_said(struct arena *a, int64_t day)
{
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const char *iso = day_print(a, day);
    return arena_print(a, "%.2s-%s-%.4s", iso + 8, months[strtol(iso + 5, NULL, 10) - 1], iso);
}

/* "* SEARCH 4 7 9" */
static void read_numbers(struct arena *a, const char *told, int64_t **numbers, size_t *count)
{
    static const char begins[] = "* SEARCH";
    size_t capacity = 0;
    const char *at = strstr(told, begins);
    char *end = NULL;
    *count = 0;
    for (at = at ? at + strlen(begins) : ""; *at == ' '; at = end) {
        int64_t number = strtoll(at, &end, 10);
        if (number <= 0)
            break;
        *PUSH(a, *numbers, *count, capacity) = number;
    }
}

static int by_number(const void *x, const void *y)
{
    const int64_t one = *(const int64_t *)x, other = *(const int64_t *)y;
    return (one > other) - (one < other);
}

struct fault *mailbox_list(struct mailbox *b, struct arena *a, int64_t from_day, int64_t *validity,
                           int64_t **numbers, size_t *count)
{
    b->into = buffer_new(a, MESSAGE_MOST);
    curl_easy_setopt(b->curl, CURLOPT_CUSTOMREQUEST,
                     arena_print(a, "UID SEARCH SINCE %s", day_said(a, from_day)));
    CURLcode failed = curl_easy_perform(b->curl);
    curl_easy_setopt(b->curl, CURLOPT_CUSTOMREQUEST, NULL);
    if (failed)
        return unread(failed);
    if (!b->validity)
        return fault(FAULT_IO, "The mailbox does not number its letters.");
    *validity = b->validity;
    read_numbers(a, buffer_string(b->into), numbers, count);
    if (*count)
        qsort(*numbers, *count, sizeof **numbers, by_number);
    return NULL;
}

struct fault *mailbox_read(struct mailbox *b, struct arena *a, int64_t validity, int64_t number,
                           struct slice *letter, bool *there)
{
    b->into = buffer_new(a, MESSAGE_MOST + 1);
    curl_easy_setopt(b->curl, CURLOPT_URL,
                     arena_print(a, "%s;UIDVALIDITY=%lld/;UID=%lld", b->settings->url, (long long)validity,
                                 (long long)number));
    CURLcode failed = curl_easy_perform(b->curl);
    *there = failed != CURLE_REMOTE_FILE_NOT_FOUND;
    *letter = b->into->over ? S("") : buffer_view(b->into);
    return failed && *there && !b->into->over ? unread(failed) : NULL;
}
