/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* smtp.h - letters handed to a mail server (RFC 5321), by libcurl.
 *
 * One letter at a time, over a connection that is kept between them. What the server says decides: taken,
 * to be tried again later, refused because of the address, or refused as it is. Where its last answer is not
 * heard, the letter may have been taken: it is to be tried again under the same mark, by which programs that
 * read letters tell that it is the same. */
#ifndef GRAPPE_SMTP_H
#define GRAPPE_SMTP_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;

enum { SMTP_SIGN = 40 };

struct smtp_settings {
    const char *url;             /* smtp://host:port, smtps:// for TLS from the start */
    const char *user, *password; /* NULL: the server asks for none */
    const char *from;            /* the address */
    const char *from_name;       /* NULL: none */
    const char *returns; /* whose sub-addresses letters come back to; NULL: they come back to `from` */
    int patience_s;              /* for one letter; 0: 150 s */
};
/* From what an operator types: smtp[s]://user@host:port, an address, or "Name <address>", and the address
 * that letters come back to (NULL: none). Anywhere but on this machine, smtp:// goes on in TLS or not at all.
 * INVALID naming "mail", "mail-from" or "mail-returns". */
struct fault *smtp_settings_read(struct arena *, const char *url, const char *from, const char *returns,
                                 const char *password, struct smtp_settings *) MUST_CHECK;

struct smtp_letter {
    const char *to, *subject, *text;
    const char *html;        /* NULL: text alone */
    const char *unsubscribe; /* an address that a POST unsubscribes by (RFC 8058); NULL: none */
    const char *mark;        /* what stands before the @ of its Message-ID */
    const char *sign;        /* of it: at most SMTP_SIGN digits, in the address that it comes back to */
    int64_t made_us;
    bool (*go_on)(void *owner); /* asked about once a second; false: give up. NULL: until the end */
    void *owner;
};

enum smtp_end {
    SMTP_TAKEN,
    SMTP_LATER,   /* also: nobody knows whether it was taken */
    SMTP_ADDRESS, /* refused for ever: there is no such address */
    SMTP_NEVER    /* refused for ever, as it is */
};
struct smtp_answer {
    enum smtp_end end;
    char text[200]; /* the server's own words, or what stood in the way; "" when it was taken */
};

struct smtp;
/* The settings must outlive it. */
struct fault *smtp_open(const struct smtp_settings *, struct smtp **) MUST_CHECK;
void smtp_send(struct smtp *, const struct smtp_letter *, struct smtp_answer *);
void smtp_rest(struct smtp *); /* ends the connection: nothing follows for a while */
void smtp_close(struct smtp *);

/* What a header may hold of a text: itself, or encoded words (RFC 2047) in lines that are folded. Control
 * characters are gone. */
char *mail_words(struct arena *, const char *text);

#endif
