/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/library.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static bool made;
static void make(void)
{
    made = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

struct fault *mail_library_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make);
    return made ? NULL : fault(FAULT_IO, "The mail library cannot be started.");
}

static bool is_this_machine(const char *url)
{
    const char *host = strstr(url, "://") + 3;
    char name[sizeof "127.255.255.255"] = "";
    struct in_addr address;
    size_t length = strcspn(host, ":/");
    if (length < sizeof name)
        memcpy(name, host, length);
    return strcmp(name, "localhost") == 0 || strncmp(host, "[::1]", 5) == 0 ||
           (inet_pton(AF_INET, name, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

void mail_library_set(CURL *c, const char *url, const char *user, const char *password, long patience_s)
{
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps,imap,imaps");
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_USE_SSL, is_this_machine(url) ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    curl_easy_setopt(c, CURLOPT_USERNAME, user);
    curl_easy_setopt(c, CURLOPT_PASSWORD, user ? password : NULL);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 20L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, patience_s);
    curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, patience_s);
    curl_easy_setopt(c, CURLOPT_VERBOSE, 1L); /* to a debug function alone */
}
