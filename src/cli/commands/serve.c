/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "command.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "mail/mailbox.h"
#include "mail/smtp.h"
#include "number/checked.h"
#include "options.h"
#include "pages/server.h"
#include "password.h"
#include "record/record.h"
#include "records/checks.h"

static void tell(const char *url, const struct house *house)
{
    (void)fprintf(stderr, tr("Grappe is served on %s (Ctrl-C ends it).\n"), url);
    for (size_t i = 0; i < house_count(house); i++) {
        const struct space_info *s = house_at(house, i);
        (void)fprintf(stderr, "  %s%s\n", s->title, s->demo ? tr(": a demo, enter it with a button") : "");
    }
    if (house_count(house) > 1) {
        const char *port = strrchr(url, ':');
        (void)fprintf(stderr, "%s\n", tr("Each space has its host name on this machine:"));
        for (size_t i = 0; i < house_count(house); i++)
            (void)fprintf(stderr, "  http://%s.localhost%s\n", house_at(house, i)->name, port);
    }
}

static struct fault *read_port(char *typed, void *into)
{
    int64_t value;
    if (!integer_parse(slice_of(typed), &value) || value < 0 || value > 65535)
        return usage_fault(typed);
    *(int *)into = (int)value;
    return NULL;
}

struct mail_words {
    const char *url, *from, *returns, *password_file;
};

static struct fault *read_mail(struct arena *a, const struct mail_words *w, const struct smtp_settings **out)
{
    struct smtp_settings *s = NEW(a, struct smtp_settings, 1);
    const char *password = NULL;
    if (!w->url)
        return NULL;
    if (!w->from)
        return usage_fault(tr("--mail needs --mail-from, the address that letters come from"));
    TRY(password_read(a, w->password_file, "GRAPPE_MAIL_PASSWORD", &password));
    *out = s;
    return smtp_settings_read(a, w->url, w->from, w->returns, password, s);
}

static struct fault *read_mailbox(struct arena *a, const struct mail_words *w, struct mailbox_settings **out)
{
    struct mailbox_settings *s = NEW(a, struct mailbox_settings, 1);
    const char *password = NULL;
    if (!w->url)
        return NULL;
    TRY(password_read(a, w->password_file, "GRAPPE_MAILBOX_PASSWORD", &password));
    *out = s;
    return mailbox_settings_read(a, w->url, password, s);
}

static struct fault *run(struct arena *a, int argc, char **argv)
{
    struct server_options o = {.port = 8080};
    struct mail_words mail = {0}, mailbox = {0};
    char **urls = NULL;
    const struct command_option options[] = {{"port", .read = read_port, .into = &o.port},
                                             {"address", .text = &o.address},
                                             {"url", .text = &o.url},
                                             {"mail", .text = &mail.url},
                                             {"mail-from", .text = &mail.from},
                                             {"mail-returns", .text = &mail.returns},
                                             {"mail-password-file", .text = &mail.password_file},
                                             {"mailbox", .text = &mailbox.url},
                                             {"mailbox-password-file", .text = &mailbox.password_file},
                                             {"vouched-by", .text = &o.vouching},
                                             {"directory", .text = &o.places.directory},
                                             {"behind-proxy", .flag = &o.behind_proxy},
                                             {"secure", .flag = &o.secure}};
    struct house_places *p = &o.places;
    TRY(options_read(argc, argv, options, COUNT(options),
                     (struct operand){&p->folder, .more = &urls, .more_count = &p->url_count}));
    p->urls = urls;
    if (p->folder && place_is_url(p->folder)) { /* it is the first of them: no folder */
        p->folder = NULL;
        p->urls--;
        p->url_count++;
    }
    for (int i = 0; i < p->url_count; i++)
        if (!place_is_url(p->urls[i]))
            return usage_fault(p->urls[i]);
    if (!p->folder && !p->directory)
        return usage_fault(tr("name the folder of the spaces, or the directory of their logins"));
    TRY(o.url ? check_url(o.url) : NULL);
    TRY(read_mail(a, &mail, &o.mail));
    TRY(read_mailbox(a, &mailbox, &o.mailbox));
    return server_run(&o, tell);
}

const struct command serve_command = {
    .name = "serve",
    .summary = N_("Serve a folder of spaces to browsers"),
    .help = N_(
        "Usage: grappe serve [DIR] [URL...] [--directory FILE] [--port N] [--address A] [--url URL]\n"
        "                    [--behind-proxy] [--secure] [--mail URL --mail-from ADDRESS]\n"
        "                    [--mail-returns ADDRESS] [--mail-password-file FILE]\n"
        "                    [--mailbox URL --vouched-by SERVER]\n"
        "                    [--mailbox-password-file FILE]\n"
        "\n"
        "Serves every space of the folder on http://127.0.0.1:8080, and those that stand in databases:\n"
        "postgresql://USER@HOST/DATABASE?schema=NAME. A reverse proxy in front brings TLS: then "
        "--behind-proxy\n"
        "trusts its X-Forwarded-For, and --secure marks the cookies.\n"
        "\n"
        "  --directory FILE  where the server keeps logins and the list of its spaces, made when it is not\n"
        "                    there; files being imported lie beside it. Without it: directory.db of DIR\n"
        "  --port N          another port; 0: any free one\n"
        "  --address A       another address than loopback\n"
        "  --url URL         how people reach it, for links in letters: https://grappe.example; spaces\n"
        "                    other than the first are then at https://NAME.grappe.example\n"
        "  --mail URL        the server that letters leave by: smtp://user@host:587, smtps://user@host:465;\n"
        "                    without it they are printed here\n"
        "  --mail-from A     who they come from: \"Grappe <grappe@example.org>\"\n"
        "  --mail-returns A  where letters that do not arrive come back to: returns@example.org, whose\n"
        "                    sub-addresses (returns+NUMBER@) must lead to the mailbox, or to grappe mail\n"
        "                    receive; without it they come back to --mail-from, and no report is believed\n"
        "  --mail-password-file FILE  the password of that user; or GRAPPE_MAIL_PASSWORD in the environment\n"
        "  --mailbox URL     where letters come in: imaps://user@host:993/INBOX; for the first space\n"
        "  --mailbox-password-file FILE  its password; or GRAPPE_MAILBOX_PASSWORD in the environment\n"
        "  --vouched-by S    the mail server that checks who they come from: see grappe mail receive --help\n"
        "\n"
        "Example: grappe serve ~/spaces --port 8090"),
    .run = run,
};
