/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail.c - `grappe mail receive`: a letter that came in, from the pipe of a mail server; `grappe mail fetch`:
 * those of a mailbox. */
#include <stdio.h>

#include "command.h"
#include "house_space.h"
#include "i18n/i18n.h"
#include "limits/limits.h"
#include "mail/fetch.h"
#include "mail/message.h"
#include "mail/receive.h"
#include "options.h"
#include "password.h"
#include "text/buffer.h"

/* A byte more than may be read tells that it is too long. */
static struct slice read_all(struct arena *a, FILE *in)
{
    char *bytes = NEW(a, char, MESSAGE_MOST + 1);
    return (struct slice){bytes, fread(bytes, 1, MESSAGE_MOST + 1, in)};
}

static struct fault *receive(struct arena *work, int argc, char **argv)
{
    const char *folder = NULL, *name = NULL, *url = NULL, *vouching = NULL;
    struct house *house = NULL;
    const struct space_info *space = NULL;
    const struct command_option options[] = {
        {"space", .text = &name}, {"url", .text = &url}, {"vouched-by", .text = &vouching}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&folder, tr("no folder")}));
    TRY(house_space_open(work, folder, name, &house, &space));
    house_set_url(house, url);
    return mail_receive(house, space, read_all(work, stdin), vouching);
}

const struct command mail_receive_command = {
    .name = "mail receive",
    .summary = N_("takes a letter from a mail server: a need becomes a draft, what did not arrive is noted"),
    .help = N_(
        "Usage: grappe mail receive DIR --vouched-by SERVER [--space NAME] [--url URL] < LETTER\n"
        "A letter from somebody of the space becomes a draft need of their organisation, of which they are "
        "told\n"
        "at the address that is known; a report that a letter did not arrive marks its address. All else is\n"
        "passed over in silence.\n"
        "  --vouched-by  the mail server that checks who letters come from, by the name that begins its\n"
        "                Authentication-Results (DMARC, or SPF or DKIM of the same domain). A letter for\n"
        "                whose author it does not vouch is not read; without it, only reports are\n"
        "  --url         the address of the server, for links in letters\n\n"
        "Example, in /etc/aliases:  besoins: \"|grappe mail receive /srv/grappe --vouched-by mx.example "
        "--url https://grappe.example\"\n"),
    .run = receive};

static struct fault *fetch(struct arena *work, int argc, char **argv)
{
    const char *folder = NULL, *name = NULL, *url = NULL, *vouching = NULL, *typed = NULL, *file = NULL,
               *password = NULL;
    struct house *house = NULL;
    const struct space_info *space = NULL;
    struct mailbox_settings mailbox;
    size_t received = 0;
    const struct command_option options[] = {{"space", .text = &name},
                                             {"url", .text = &url},
                                             {"vouched-by", .text = &vouching},
                                             {"mailbox", .text = &typed},
                                             {"mailbox-password-file", .text = &file}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&folder, tr("no folder")}));
    if (!typed)
        return missing_fault("--mailbox");
    TRY(password_read(work, file, "GRAPPE_MAILBOX_PASSWORD", &password));
    TRY(mailbox_settings_read(work, typed, password, &mailbox));
    TRY(house_space_open(work, folder, name, &house, &space));
    house_set_url(house, url);
    TRY(mail_fetch(house, space, &mailbox, vouching, &received));
    (void)printf(tr("Letters received: %zu\n"), received);
    return NULL;
}

const struct command mail_fetch_command = {
    .name = "mail fetch",
    .summary = N_("receives the letters of a mailbox, each once"),
    .help =
        N_("Usage: grappe mail fetch DIR --mailbox URL --vouched-by SERVER [--mailbox-password-file FILE]\n"
           "                         [--space NAME] [--url URL]\n"
           "Reads what came into a mailbox in the last 30 days and was not read yet, as grappe mail receive "
           "does.\n"
           "  --mailbox     imaps://user@host:993/INBOX; imap:// goes on in TLS, but on this machine\n"
           "  --mailbox-password-file  its first line is the password; without it: GRAPPE_MAILBOX_PASSWORD\n"
           "  --vouched-by, --space, --url  as for grappe mail receive\n"),
    .run = fetch};
