/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/letter.h"

#include <ctype.h>
#include <string.h>

#include "arena/arena.h"
#include "html/html.h"
#include "i18n/i18n.h"
#include "text/buffer.h"

enum { LETTER_MOST = 1024 * 1024 };

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Between "evil" and ".example", "a" and "@b", "http://" and what follows. */
static bool makes_link(const char *text, const char *c)
{
    bool joins = *c == '@' || (*c == '.' && !isdigit((unsigned char)c[1]));
    return (joins && c > text && in_word(c[-1]) && in_word(c[1])) ||
           (*c == '/' && c >= text + 2 && strncmp(c - 2, "://", 3) == 0);
}

/* What people wrote is neither given a token that is not theirs, nor a link in a letter of ours. */
static const char *harmless(struct arena *a, const char *text)
{
    struct buffer *out = buffer_new(a, LETTER_MOST);
    for (const char *c = text; *c; c++) {
        bool mark = strncmp(c, LETTER_TOKEN, strlen(LETTER_TOKEN)) == 0;
        if (mark)
            c += strlen(LETTER_TOKEN) - 1;
        else
            buffer_char(out, *c);
        if (mark || makes_link(text, c))
            buffer_char(out, ' ');
    }
    return buffer_string(out);
}

const char *letter_text(struct arena *a, const struct letter *l)
{
    static const char *const before[] = {[PART_TEXT] = "",   [PART_HEADING] = "== ", [PART_QUOTE] = "> ",
                                         [PART_ITEM] = "- ", [PART_BUTTON] = "",     [PART_NOTE] = "-- \n"};
    static const char *const link[] = {[PART_ITEM] = "\n  ", [PART_BUTTON] = "\n", [PART_NOTE] = "\n"};
    struct buffer *out = buffer_new(a, LETTER_MOST);
    for (size_t i = 0; i < l->count; i++) {
        const struct letter_part *p = &l->parts[i];
        bool in_list = i && p->kind == PART_ITEM && p[-1].kind == PART_ITEM;
        buffer_print(out, "%s%s%s%s%s\n", i && !in_list ? "\n" : "", before[p->kind], harmless(a, p->text),
                     p->href ? link[p->kind] : "", p->href ? p->href : "");
    }
    return buffer_string(out);
}

static void draw_part(struct html *h, const struct letter_part *p, const char *text)
{
    switch (p->kind) {
    case PART_TEXT:
        html(h, "<p>%s</p>\n", text);
        break;
    case PART_HEADING:
        html(h, "<h2><font size=\"4\">%s</font></h2>\n", text);
        break;
    case PART_QUOTE:
        html(h, "<blockquote>%s</blockquote>\n", text);
        break;
    case PART_ITEM:
        if (p->href)
            html(h, "<li><a href=\"%s\">%s</a></li>\n", p->href, text);
        else
            html(h, "<li>%s</li>\n", text);
        break;
    case PART_BUTTON: /* a coloured cell: what every program for letters draws */
        html(h,
             "<table cellpadding=\"12\"><tr><td bgcolor=\"#0b5c63\"><a href=\"%s\"><font color=\"#ffffff\">"
             "<b>%s</b></font></a></td></tr></table>\n",
             p->href, text);
        break;
    case PART_NOTE:
        html(h, "<hr>\n<p><small>%s", text);
        if (p->href)
            html(h, "<br>\n<a href=\"%s\">%s</a>", p->href, p->href);
        html(h, "</small></p>\n");
        break;
    }
}

const char *letter_html(struct arena *a, const struct letter *l)
{
    struct html *h = html_new(a, LETTER_MOST);
    html(h,
         "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title></head><body>\n",
         language_code(language()), harmless(a, l->subject));
    for (size_t i = 0; i < l->count; i++) {
        bool item = l->parts[i].kind == PART_ITEM;
        if (item && (!i || l->parts[i - 1].kind != PART_ITEM))
            html(h, "<ul>\n");
        draw_part(h, &l->parts[i], harmless(a, l->parts[i].text));
        if (item && (i + 1 == l->count || l->parts[i + 1].kind != PART_ITEM))
            html(h, "</ul>\n");
    }
    html(h, "</body></html>\n");
    return slice_text(a, html_done(h).bytes);
}
