/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "i18n/i18n.h"
#include "number/checked.h"
#include "pages/server.h"
#include "record/record.h"

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

static struct fault *read_port(const char *typed, int *port)
{
    int64_t value;
    if (!integer_parse(slice_of(typed), &value) || value < 0 || value > 65535)
        return usage_fault(typed);
    *port = (int)value;
    return NULL;
}

static struct fault *run(struct arena *a, int argc, char **argv)
{
    static const struct option options[] = {{"port", required_argument, NULL, 'p'},
                                            {"address", required_argument, NULL, 'a'},
                                            {"behind-proxy", no_argument, NULL, 'x'},
                                            {"secure", no_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    struct server_options o = {.port = 8080};
    (void)a;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (c) {
        case 'p':
            TRY(read_port(optarg, &o.port));
            break;
        case 'a':
            o.address = optarg;
            break;
        case 'x':
            o.behind_proxy = true;
            break;
        case 's':
            o.secure = true;
            break;
        default:
            return usage_fault(argv[optind - 1]);
        }
    if (optind + 1 != argc)
        return usage_fault(optind < argc ? argv[optind + 1] : tr("name the folder of the spaces"));
    o.folder = argv[optind];
    return server_run(&o, tell);
}

const struct command serve_command = {
    .name = "serve",
    .summary = N_("Serve a folder of spaces to browsers"),
    .help =
        N_("usage: grappe serve DIR [--port N] [--address A] [--behind-proxy] [--secure]\n"
           "\n"
           "Serves every space of the folder on http://127.0.0.1:8080. A reverse proxy in front brings TLS:\n"
           "then --behind-proxy trusts its X-Forwarded-For, and --secure marks the cookies.\n"
           "\n"
           "  --port N      another port; 0: any free one\n"
           "  --address A   another address than loopback\n"
           "\n"
           "example: grappe serve ~/spaces --port 8090"),
    .run = run,
};
