/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "i18n/i18n.h"
#include "number/checked.h"
#include "options.h"
#include "pages/server.h"
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

static struct fault *run(struct arena *a, int argc, char **argv)
{
    struct server_options o = {.port = 8080};
    const struct command_option options[] = {{"port", .read = read_port, .into = &o.port},
                                             {"address", .text = &o.address},
                                             {"url", .text = &o.url},
                                             {"behind-proxy", .flag = &o.behind_proxy},
                                             {"secure", .flag = &o.secure}};
    (void)a;
    TRY(options_read(argc, argv, options, COUNT(options),
                     (struct operand){&o.folder, tr("name the folder of the spaces")}));
    TRY(o.url ? check_url(o.url) : NULL);
    return server_run(&o, tell);
}

const struct command serve_command = {
    .name = "serve",
    .summary = N_("Serve a folder of spaces to browsers"),
    .help =
        N_("Usage: grappe serve DIR [--port N] [--address A] [--url URL] [--behind-proxy] [--secure]\n"
           "\n"
           "Serves every space of the folder on http://127.0.0.1:8080. A reverse proxy in front brings TLS:\n"
           "then --behind-proxy trusts its X-Forwarded-For, and --secure marks the cookies.\n"
           "\n"
           "  --port N      another port; 0: any free one\n"
           "  --address A   another address than loopback\n"
           "  --url URL     how people reach it, for links in letters: https://grappe.example; spaces\n"
           "                other than the first are then at https://NAME.grappe.example\n"
           "\n"
           "Example: grappe serve ~/spaces --port 8090"),
    .run = run,
};
