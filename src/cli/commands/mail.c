/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail.c - `grappe mail receive`: a letter that came in, from the pipe of a mail server. */
#include <stdio.h>

#include "command.h"
#include "house_space.h"
#include "i18n/i18n.h"
#include "limits/limits.h"
#include "mail/message.h"
#include "mail/receive.h"
#include "options.h"
#include "text/buffer.h"

/* A byte more than may be read tells that it is too long. */
static struct slice read_all(struct arena *a, FILE *in)
{
    char *bytes = NEW(a, char, MESSAGE_MOST + 1);
    return (struct slice){bytes, fread(bytes, 1, MESSAGE_MOST + 1, in)};
}

static struct fault *run(struct arena *work, int argc, char **argv)
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
    .run = run};
