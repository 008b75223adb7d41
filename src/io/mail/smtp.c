/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/smtp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "limits/limits.h"
#include "mail/library.h"
#include "text/buffer.h"

/* What was said last by either side, while a letter is handed over. */
struct talk {
    char command[5];      /* "RCPT" */
    char answer[200 + 1]; /* "550 5.1.1 no such user" */
    bool over;            /* what follows is farewell */
};

struct smtp {
    const struct smtp_settings *settings;
    CURL *curl; /* NULL: no connection is kept */
    struct talk talk;
};

struct fault *smtp_open(const struct smtp_settings *settings, struct smtp **out)
{
    TRY(mail_library_start());
    struct smtp *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->settings = settings;
    *out = s;
    return NULL;
}

void smtp_rest(struct smtp *s)
{
    if (s->curl)
        curl_easy_cleanup(s->curl);
    s->curl = NULL;
}

void smtp_close(struct smtp *s)
{
    if (s)
        smtp_rest(s);
    free(s);
}

/* --- one letter ------------------------------------------------------------------------------------- */

static void keep_line(char *into, size_t room, const char *line, size_t size)
{
    size_t length = size < room - 1 ? size : room - 1;
    for (size_t i = 0; i < length; i++)
        into[i] = (unsigned char)line[i] < ' ' ? ' ' : line[i];
    while (length && into[length - 1] == ' ')
        length--;
    into[length] = '\0';
}

static int hear(CURL *curl, curl_infotype kind, char *line, size_t size, void *talking)
{
    struct talk *t = talking;
    (void)curl;
    if (kind == CURLINFO_HEADER_OUT && size >= 4 && memcmp(line, "QUIT", 4) == 0)
        t->over = true;
    if (t->over)
        return 0;
    if (kind == CURLINFO_HEADER_OUT)
        keep_line(t->command, sizeof t->command, line, size);
    else if (kind == CURLINFO_HEADER_IN)
        keep_line(t->answer, sizeof t->answer, line, size);
    return 0;
}

static int go_on(void *sending, curl_off_t to_come, curl_off_t come, curl_off_t to_go, curl_off_t gone)
{
    const struct smtp_letter *l = sending;
    (void)to_come, (void)come, (void)to_go, (void)gone;
    return l->go_on && !l->go_on(l->owner);
}

/* Lines end with CR LF in a letter. */
static const char *in_lines(struct arena *a, const char *text)
{
    struct buffer *out = buffer_new(a, 4 * MIB);
    for (; *text; text++) {
        if (*text == '\n')
            buffer_char(out, '\r');
        if (*text != '\r')
            buffer_char(out, *text);
    }
    return buffer_string(out);
}

/* RFC 5322, in UTC. */
static char *letter_date(struct arena *a, int64_t at_us)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(at_us / SECOND_US);
    struct tm t;
    (void)gmtime_r(&seconds, &t);
    return arena_print(a, "%s, %02d %s %d %02d:%02d:%02d +0000", days[t.tm_wday], t.tm_mday, months[t.tm_mon],
                       1900 + t.tm_year, t.tm_hour, t.tm_min, t.tm_sec);
}

static struct curl_slist *headers_of(struct arena *a, const struct smtp_settings *s,
                                     const struct smtp_letter *l)
{
    const char *at = strchr(s->from, '@');
    const char *name = s->from_name ? mail_words(a, s->from_name) : "";
    bool quoted = *name && strncmp(name, "=?", 2) != 0 && !strpbrk(name, "\"\\");
    const char *lines[] = {
        arena_print(a, quoted ? "From: \"%s\" <%s>" : "From: %s <%s>", name, s->from),
        arena_print(a, "To: <%s>", l->to),
        arena_print(a, "Subject: %s", mail_words(a, l->subject)),
        arena_print(a, "Date: %s", letter_date(a, l->made_us)),
        arena_print(a, "Message-ID: <%s%s>", l->mark, at ? at : "@localhost"),
        "Auto-Submitted: auto-generated",
        "Content-Type: multipart/alternative", /* the library adds what stands between the parts */
        l->unsubscribe ? arena_print(a, "List-Unsubscribe: <%s>", l->unsubscribe) : NULL,
        l->unsubscribe ? "List-Unsubscribe-Post: List-Unsubscribe=One-Click" : NULL};
    struct curl_slist *all = NULL;
    for (size_t i = 0; i < COUNT(lines); i++)
        if (lines[i])
            all = curl_slist_append(all, lines[i]);
    return all;
}

static CURLcode add_part(struct arena *a, curl_mime *to, const char *type, const char *text)
{
    curl_mimepart *p = curl_mime_addpart(to);
    CURLcode failed = curl_mime_data(p, in_lines(a, text), CURL_ZERO_TERMINATED);
    failed = failed ? failed : curl_mime_type(p, type);
    return failed ? failed : curl_mime_encoder(p, "quoted-printable");
}

/* The last of the alternatives is the one a reader's program prefers. */
static CURLcode add_content(struct arena *a, curl_mime *mime, const struct smtp_letter *l)
{
    CURLcode failed = add_part(a, mime, "text/plain; charset=utf-8", l->text);
    return failed || !l->html ? failed : add_part(a, mime, "text/html; charset=utf-8", l->html);
}

/* "returns@example.org", and the sign of the letter → "returns+5b0f…@example.org". */
static const char *sender_of(struct arena *a, const struct smtp_settings *s, const struct smtp_letter *l)
{
    const char *at = s->returns ? strchr(s->returns, '@') : NULL;
    return at ? arena_print(a, "%.*s+%s%s", (int)(at - s->returns), s->returns, l->sign, at) : s->from;
}

static void set_up(struct smtp *s, struct arena *a, const struct smtp_letter *l, struct curl_slist *to)
{
    const struct smtp_settings *o = s->settings;
    CURL *c = s->curl;
    mail_library_set(c, o->url, o->user, o->password, o->patience_s ? o->patience_s : 150);
    curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, hear);
    curl_easy_setopt(c, CURLOPT_DEBUGDATA, &s->talk);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, go_on);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, (void *)(uintptr_t)l);
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, sender_of(a, o, l));
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
}

/* Five hundreds are for ever; about whom, the command before tells. A refusal by a rule of the server (5.7.x)
 * says nothing of the address; one of our sender, or of our password, nothing of the letter. */
static enum smtp_end judged(const struct talk *t)
{
    bool for_ever = t->answer[0] == '5', by_rule = strncmp(t->answer + 3, " 5.7.", 5) == 0;
    if (for_ever && strcmp(t->command, "RCPT") == 0)
        return by_rule ? SMTP_NEVER : SMTP_ADDRESS;
    return for_ever && strcmp(t->command, "DATA") == 0 ? SMTP_NEVER : SMTP_LATER;
}

static void hand_over(struct smtp *s, struct arena *a, const struct smtp_letter *l,
                      struct smtp_answer *answer)
{
    struct curl_slist *to = curl_slist_append(NULL, l->to), *headers = headers_of(a, s->settings, l);
    curl_mime *mime = curl_mime_init(s->curl);
    CURLcode failed = add_content(a, mime, l);
    set_up(s, a, l, to);
    curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(s->curl, CURLOPT_MIMEPOST, mime);
    failed = failed ? failed : curl_easy_perform(s->curl);
    curl_easy_setopt(s->curl, CURLOPT_XFERINFODATA, NULL); /* what follows is none of this letter */
    curl_easy_setopt(s->curl, CURLOPT_NOPROGRESS, 1L);
    curl_mime_free(mime);
    curl_slist_free_all(headers);
    curl_slist_free_all(to);
    bool told = s->talk.answer[0] == '4' || s->talk.answer[0] == '5';
    answer->end = failed ? judged(&s->talk) : SMTP_TAKEN;
    (void)snprintf(answer->text, sizeof answer->text, "%s",
                   !failed ? ""
                   : told  ? s->talk.answer
                           : curl_easy_strerror(failed));
}

static bool is_address(const char *to)
{
    for (const char *c = to; *c; c++)
        if ((unsigned char)*c <= ' ' || strchr("<>,;\"\\\x7f", *c))
            return false;
    return strchr(to, '@') != NULL;
}

void smtp_send(struct smtp *s, const struct smtp_letter *l, struct smtp_answer *answer)
{
    ARENA_SCOPE(work);
    s->talk = (struct talk){0};
    *answer = (struct smtp_answer){.end = SMTP_ADDRESS, .text = "?"};
    if (!is_address(l->to))
        return;
    if (!s->curl)
        s->curl = curl_easy_init();
    answer->end = SMTP_LATER;
    if (s->curl)
        hand_over(s, work, l, answer);
    if (answer->end != SMTP_TAKEN) /* a connection in doubt serves no other */
        smtp_rest(s);
}
