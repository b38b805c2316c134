/* fakeswitch - a fast fake SNMP v1/v2c switch agent, which netwatch is measured against.
 *
 * One process and one UDP socket play every address the host owns: each local
 * address (127.0.0.0/8 included) is a separate device, and a reply leaves from
 * the address that was asked.  bench/snmp.py builds it: cc -O2 -o fakeswitch fakeswitch.c
 *
 * The MIB: system group, ifNumber, ifTable 1-22, ifXTable 1-19.  All values are
 * functions of (device address, port number p = 1..N, uptime t), so that a test
 * can compute what it should read:
 *   ifHCInOctets  = p*1e12 + 1000*p*t     ifHCInUcastPkts  = ifHCInOctets/500
 *   ifHCOutOctets = p*2e12 +  500*p*t     ifHCOutUcastPkts = ifHCOutOctets/500
 *   ifInErrors = t on every 10th port     ifOutErrors = t/10 on every 10th port
 *   ifInDiscards = p*t/100                ifOutDiscards = p*t/50
 * 32-bit counters are the low 32 bits of the above.  Every 8th port is down,
 * every 16th is also shut; the last four ports are 10G, the others 1G.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { INT = 0x02, STR = 0x04, OID = 0x06, SEQ = 0x30, C32 = 0x41, G32 = 0x42,
       TICKS = 0x43, C64 = 0x46, NO_OBJECT = 0x80, NO_INSTANCE = 0x81, END_OF_MIB = 0x82 };
enum { GET = 0xa0, GETNEXT = 0xa1, RESPONSE = 0xa2, SET = 0xa3, GETBULK = 0xa5 };
enum { TOO_BIG = 1, NO_SUCH_NAME = 2, NOT_WRITABLE = 17 };
enum { MAXSUB = 64, MAXVB = 512, MAXMSG = 65507, HEAD = 320, BATCH = 64 };

/* ---- options and state -------------------------------------------------- */
static uint32_t nports = 52, first_index = 1;
static size_t max_size = 1472;
static const char *community = "public";
static double delay_ms, drop_pct;
static struct { uint32_t lo, hi; } mute[256];
static int nmute;
static int64_t start_ms;
static volatile sig_atomic_t want_stats, want_exit;
static struct { uint64_t in, out, bytes_in, bytes_out, varbinds, muted, dropped, ignored; } st;

typedef struct {             /* one scalar (first == last == 0) or one column */
    uint32_t sub[12];
    int len;
    uint32_t first, last;
    uint8_t ber[16];         /* encoded prefix */
    int berlen;
} Obj;
static Obj objs[64];
static int nobjs;

typedef struct { uint32_t sub[MAXSUB]; int len; const uint8_t *raw; size_t rawlen; } Oid;
typedef struct { int obj; uint32_t inst; } Pos;         /* obj == nobjs: end of the MIB */
typedef struct { uint32_t addr; uint64_t ms; } Dev;

static int64_t now_ms(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- encoding ----------------------------------------------------------- */
static uint8_t *put_len(uint8_t *p, size_t n) {
    if (n < 128) { *p++ = n; return p; }
    if (n < 256) { *p++ = 0x81; *p++ = n; return p; }
    *p++ = 0x82; *p++ = n >> 8; *p++ = n;
    return p;
}

static uint8_t *put_sub(uint8_t *p, uint32_t v) {
    for (int shift = 28; shift > 0; shift -= 7)
        if (v >> shift) *p++ = 0x80 | (v >> shift & 0x7f);
    *p++ = v & 0x7f;
    return p;
}

static uint8_t *put_uint(uint8_t *p, int tag, uint64_t v) {
    int n = 1;
    while (n < 9 && (n < 8 ? v >> (8 * n - 1) : v >> 63)) n++;
    *p++ = tag; *p++ = n;
    for (int i = n - 1; i >= 0; i--) *p++ = i == 8 ? 0 : v >> (8 * i);
    return p;
}

static uint8_t *put_str(uint8_t *p, const char *s, size_t n) {
    *p++ = STR; p = put_len(p, n);
    return memcpy(p, s, n), p + n;
}

static uint8_t *put_value(uint8_t *p, const Obj *o, uint32_t inst, const Dev *d) {
    char s[160];
    const uint8_t *a = (const uint8_t *)&d->addr;
    uint64_t ms = d->ms;
    uint32_t n = inst - first_index + 1, col = o->sub[o->len - 1];
    int fast = n + 4 > nports, down = n % 8 == 0, shut = n % 16 == 0;
    uint64_t in = n * 1000000000000ull + n * ms, out = n * 2000000000000ull + n * ms / 2;
    if (o->len == 8) switch (col) {                       /* system.N.0, interfaces.1.0 */
        case 1: if (o->sub[6] == 2) return put_uint(p, INT, nports);
            return put_str(p, s, snprintf(s, sizeof s, "fakeswitch, %u ports, a fake SNMP agent", nports));
        case 2: return memcpy(p, "\x06\x08\x2b\x06\x01\x04\x01\xbf\x08\x0a", 10), p + 10; /* enterprises.8072.10 */
        case 3: return put_uint(p, TICKS, (uint32_t)(ms / 10));
        case 4: return put_str(p, "ops", 3);
        case 5: return put_str(p, s, snprintf(s, sizeof s, "sw-%u-%u-%u-%u", a[0], a[1], a[2], a[3]));
        case 6: return put_str(p, "nowhere", 7);
        default: return put_uint(p, INT, 2);
    }
    int x = o->sub[6] == 31;                              /* ifXTable, else ifTable */
    switch (col + 100 * x) {
        case 1: return put_uint(p, INT, inst);
        case 2: return put_str(p, s, snprintf(s, sizeof s, "GigabitEthernet1/0/%u", n));
        case 3: return put_uint(p, INT, 6);
        case 4: return put_uint(p, INT, 1500);
        case 5: return put_uint(p, G32, fast ? 4294967295u : 1000000000u);
        case 6: s[0] = 2; memcpy(s + 1, a + 1, 3); s[4] = n >> 8; s[5] = n; return put_str(p, s, 6);
        case 7: return put_uint(p, INT, shut ? 2 : 1);
        case 8: return put_uint(p, INT, down ? 2 : 1);
        case 9: return put_uint(p, TICKS, 4000 + n);      /* ifLastChange */
        case 10: return put_uint(p, C32, (uint32_t)in);
        case 11: return put_uint(p, C32, (uint32_t)(in / 500));
        case 12: case 15: case 18: case 21: return put_uint(p, col == 21 ? G32 : C32, 0);
        case 13: return put_uint(p, C32, (uint32_t)(n * ms / 100000));
        case 14: return put_uint(p, C32, n % 10 ? 0 : (uint32_t)(ms / 1000));
        case 16: return put_uint(p, C32, (uint32_t)out);
        case 17: return put_uint(p, C32, (uint32_t)(out / 500));
        case 19: return put_uint(p, C32, (uint32_t)(n * ms / 50000));
        case 20: return put_uint(p, C32, n % 10 ? 0 : (uint32_t)(ms / 10000));
        case 22: return memcpy(p, "\x06\x01\x00", 3), p + 3;
        case 101: return put_str(p, s, snprintf(s, sizeof s, "Gi1/0/%u", n));
        case 106: return put_uint(p, C64, in);
        case 107: return put_uint(p, C64, in / 500);
        case 110: return put_uint(p, C64, out);
        case 111: return put_uint(p, C64, out / 500);
        case 108: case 109: case 112: case 113: return put_uint(p, C64, (uint64_t)n * ms / 1000);
        case 114: return put_uint(p, INT, 1);
        case 115: return put_uint(p, G32, fast ? 10000 : 1000);
        case 116: return put_uint(p, INT, 2);
        case 117: return put_uint(p, INT, 1);
        case 118: return put_str(p, s, snprintf(s, sizeof s, "port %u of %u.%u.%u.%u", n, a[0], a[1], a[2], a[3]));
        case 119: return put_uint(p, TICKS, 0);
        default: return put_uint(p, C32, (uint32_t)(n * ms / 1000));  /* 102-105 */
    }
}

static int is_c64(const Obj *o) {
    uint32_t c = o->sub[o->len - 1];
    return o->sub[6] == 31 && c >= 6 && c <= 13;
}

/* One varbind at p: the OID of pos (or the raw one of the request) and its value or tag. */
static uint8_t *put_varbind(uint8_t *p, Pos pos, const Oid *asked, int exception, const Dev *d) {
    uint8_t name[300], val[200], *n = name, *v = val;
    if (exception) {
        memcpy(n, asked->raw, asked->rawlen), n += asked->rawlen;
        *v++ = exception, *v++ = 0;
    } else {
        const Obj *o = &objs[pos.obj];
        memcpy(n, o->ber, o->berlen), n = put_sub(n + o->berlen, pos.inst);
        v = put_value(v, o, pos.inst, d);
    }
    size_t nl = n - name, vl = v - val;
    *p++ = SEQ; p = put_len(p, nl + vl + (nl < 128 ? 2 : nl < 256 ? 3 : 4));
    *p++ = OID; p = put_len(p, nl);
    memcpy(p, name, nl); memcpy(p + nl, val, vl);
    return p + nl + vl;
}

/* ---- the MIB ------------------------------------------------------------ */
static void add(const uint32_t *prefix, int len, uint32_t leaf, uint32_t first, uint32_t last) {
    Obj *o = &objs[nobjs++];
    memcpy(o->sub, prefix, len * sizeof *prefix);
    o->sub[len] = leaf; o->len = len + 1; o->first = first; o->last = last;
    uint8_t *p = o->ber;
    *p++ = 0x2b;
    for (int i = 2; i < o->len; i++) p = put_sub(p, o->sub[i]);
    o->berlen = p - o->ber;
}

static void build_mib(void) {           /* in lexicographic order */
    uint32_t system[] = {1, 3, 6, 1, 2, 1, 1}, interfaces[] = {1, 3, 6, 1, 2, 1, 2, 2, 1};
    uint32_t ifx[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1}, last = first_index + nports - 1;
    for (uint32_t i = 1; i <= 7; i++) add(system, 7, i, 0, 0);
    add(interfaces, 7, 1, 0, 0);
    for (uint32_t i = 1; i <= 22; i++) add(interfaces, 9, i, first_index, last);
    for (uint32_t i = 1; i <= 19; i++) add(ifx, 10, i, first_index, last);
}

/* Last object whose prefix is <= q, or -1; *under: q lies below that prefix. */
static int locate(const Oid *q, int *under) {
    int lo = 0, hi = nobjs;
    while (lo < hi) {
        int mid = (lo + hi) / 2, i = 0, m = objs[mid].len < q->len ? objs[mid].len : q->len;
        while (i < m && objs[mid].sub[i] == q->sub[i]) i++;
        int le = i < m ? objs[mid].sub[i] < q->sub[i] : objs[mid].len <= q->len;
        if (le) lo = mid + 1; else hi = mid;
    }
    const Obj *o = lo ? &objs[lo - 1] : NULL;
    *under = o && q->len >= o->len && !memcmp(o->sub, q->sub, o->len * sizeof *q->sub);
    return lo - 1;
}

static Pos next_of(Pos p, int v1) {     /* v1 cannot carry Counter64: skip those columns */
    if (p.obj >= 0 && p.inst < objs[p.obj].last) return p.inst++, p;
    do p.obj++; while (p.obj < nobjs && v1 && is_c64(&objs[p.obj]));
    if (p.obj < nobjs) p.inst = objs[p.obj].first;
    return p;
}

static Pos find_next(const Oid *q, int v1) {
    int under, i = locate(q, &under);
    if (i >= 0 && under && !(v1 && is_c64(&objs[i]))) {
        const Obj *o = &objs[i];
        if (q->len == o->len || q->sub[o->len] < o->first) return (Pos){i, o->first};
        if (q->sub[o->len] < o->last) return (Pos){i, q->sub[o->len] + 1};
    }
    return next_of((Pos){i, UINT32_MAX}, v1);
}

static int find_exact(const Oid *q, int v1, Pos *pos) {   /* 0, or the exception tag */
    int under, i = locate(q, &under);
    if (i < 0 || !under || (v1 && is_c64(&objs[i]))) return NO_OBJECT;
    const Obj *o = &objs[i];
    if (q->len != o->len + 1 || q->sub[o->len] < o->first || q->sub[o->len] > o->last) return NO_INSTANCE;
    *pos = (Pos){i, q->sub[o->len]};
    return 0;
}

/* ---- decoding ----------------------------------------------------------- */
/* Step over a TLV header with this tag: *p at its content, *n its length; 0 if malformed. */
static int enter(const uint8_t **p, const uint8_t *end, int tag, size_t *n) {
    const uint8_t *q = *p;
    if (end - q < 2 || (tag >= 0 && *q != tag)) return 0;
    size_t l = q[1];
    q += 2;
    if (l >= 128) {
        int k = l & 127;
        if (k < 1 || k > 3 || end - q < k) return 0;
        for (l = 0; k; k--) l = l << 8 | *q++;
    }
    if ((size_t)(end - q) < l) return 0;
    *p = q; *n = l;
    return 1;
}

static int get_int(const uint8_t **p, const uint8_t *end, int32_t *v) {
    size_t n;
    if (!enter(p, end, INT, &n) || n < 1 || n > 4) return 0;
    uint32_t u = **p & 0x80 ? UINT32_MAX : 0;
    for (; n; n--) u = u << 8 | *(*p)++;
    *v = (int32_t)u;
    return 1;
}

static int get_oid(const uint8_t **p, const uint8_t *end, Oid *o) {
    size_t n;
    if (!enter(p, end, OID, &n) || n < 1 || n > 255) return 0;
    o->raw = *p; o->rawlen = n; o->len = 0;
    const uint8_t *stop = *p + n;
    while (*p < stop) {
        uint32_t v = 0;
        uint8_t b;
        do { if (*p == stop) return 0; b = *(*p)++; v = v << 7 | (b & 0x7f); } while (b & 0x80);
        if (o->len == MAXSUB) return 0;
        if (!o->len) { o->sub[0] = v < 80 ? v / 40 : 2; o->sub[1] = v - 40 * o->sub[0]; o->len = 2; }
        else o->sub[o->len++] = v;
    }
    return 1;
}

/* ---- one request -> one reply ------------------------------------------- */
/* Returns the reply's length, its start in *reply (inside buf); 0: no answer. */
static size_t answer(const uint8_t *msg, size_t len, uint32_t addr, uint8_t *buf, uint8_t **reply) {
    static Oid q[MAXVB];
    static Pos at[MAXVB];
    static uint8_t ends[MAXVB][32];
    const uint8_t *p = msg, *end = msg + len, *vbl, *comm, *rid;
    size_t n, commlen;
    int32_t version, reqid, nonrep, maxrep;
    if (!enter(&p, end, SEQ, &n)) return 0;
    end = p + n;
    if (!get_int(&p, end, &version) || version < 0 || version > 1) return 0;
    if (!enter(&p, end, STR, &commlen)) return 0;
    comm = p; p += commlen;
    if (commlen != strlen(community) || memcmp(comm, community, commlen)) return 0;
    if (p == end) return 0;
    int pdu = *p, v1 = version == 0, nvb = 0;
    if (!enter(&p, end, pdu, &n)) return 0;
    rid = p;
    if (!get_int(&p, end, &reqid)) return 0;
    size_t ridlen = p - rid;            /* the request id is echoed as it came */
    if (!get_int(&p, end, &nonrep) || !get_int(&p, end, &maxrep) || !enter(&p, end, SEQ, &n)) return 0;
    if (pdu != GET && pdu != GETNEXT && pdu != SET && !(pdu == GETBULK && !v1)) return 0;
    vbl = p; end = p + n;
    while (p < end) {
        if (nvb == MAXVB || !enter(&p, end, SEQ, &n)) return 0;
        const uint8_t *vend = p + n;
        if (!get_oid(&p, vend, &q[nvb++])) return 0;
        p = vend;
    }

    Dev dev = {addr, (uint64_t)(now_ms() - start_ms)};
    uint8_t *w = buf + HEAD, *mark, *limit = w + max_size - (commlen + 32);
    int err = 0, index = 0;
    if (nonrep < 0) nonrep = 0;
    if (nonrep > nvb) nonrep = nvb;
    if (pdu == SET) err = v1 ? NO_SUCH_NAME : NOT_WRITABLE, index = 1;
    else if (pdu != GETBULK) nonrep = nvb;
    for (int i = 0; i < nonrep && !err; i++, w = mark) {
        Pos pos = {nobjs, 0};
        int exc = pdu == GET ? find_exact(&q[i], v1, &pos) : 0;
        if (pdu != GET && (pos = find_next(&q[i], v1)).obj == nobjs) exc = END_OF_MIB;
        if (exc && v1) { err = NO_SUCH_NAME; index = i + 1; break; }
        mark = put_varbind(w, pos, &q[i], exc, &dev);
        if (mark > limit) err = TOO_BIG;
        else st.varbinds++;
    }
    int reps = nvb - nonrep, full = 0;
    if (pdu == GETBULK && !err && reps) {
        for (int i = 0; i < reps; i++) at[i].obj = -1;
        for (int r = 0, live = 1; r < maxrep && live && !full; r++) {
            live = 0;
            for (int i = 0; i < reps; i++, w = mark, st.varbinds++) {
                Oid *name = &q[nonrep + i];
                Pos was = at[i];
                if (was.obj < nobjs) at[i] = was.obj < 0 ? find_next(name, 0) : next_of(was, 0);
                if (at[i].obj < nobjs) live = 1;
                else if (was.obj >= 0 && was.obj < nobjs) {   /* endOfMibView bears the last name */
                    memcpy(ends[i], objs[was.obj].ber, objs[was.obj].berlen);
                    name->raw = ends[i];
                    name->rawlen = put_sub(ends[i] + objs[was.obj].berlen, was.inst) - ends[i];
                }
                mark = put_varbind(w, at[i], name, at[i].obj < nobjs ? 0 : END_OF_MIB, &dev);
                if (mark > limit) { full = 1; break; }
            }
        }
        if (full && w == buf + HEAD) err = TOO_BIG;
    }
    if (err) {                          /* v2c tooBig: no varbinds; otherwise those of the request */
        w = buf + HEAD;
        if (err != TOO_BIG || v1) memcpy(w, vbl, end - vbl), w += end - vbl;
    }

    /* The header, built to end just where the varbinds begin. */
    uint8_t pre[32], tmp[8], *h = pre;
    size_t vblen = w - (buf + HEAD);
    memcpy(h, rid, ridlen); h += ridlen;
    h = put_uint(h, INT, err); h = put_uint(h, INT, index);
    *h++ = SEQ; h = put_len(h, vblen);
    size_t prelen = h - pre, pdulen = prelen + vblen;
    size_t commtl = put_len(tmp, commlen) - tmp + 1, pdutl = put_len(tmp, pdulen) - tmp + 1;
    size_t msglen = 3 + commtl + commlen + pdutl + pdulen;
    size_t total = put_len(tmp, msglen) - tmp + 1 + msglen;
    uint8_t *o = *reply = w - total;
    *o++ = SEQ; o = put_len(o, msglen);
    o = put_uint(o, INT, version);
    *o++ = STR; o = put_len(o, commlen); memcpy(o, comm, commlen); o += commlen;
    *o++ = RESPONSE; o = put_len(o, pdulen);
    memcpy(o, pre, prelen);
    return total;
}

/* ---- the socket --------------------------------------------------------- */
typedef union { char buf[CMSG_SPACE(sizeof(struct in_pktinfo))]; struct cmsghdr align; } Control;
typedef struct { struct sockaddr_in to; struct in_addr from; int64_t due; size_t len; uint8_t *data; } Reply;
static Reply *queue;         /* a ring of delayed replies; the delay is fixed, so it is in order */
static size_t qhead, qcount, qsize = 1 << 16;

static void send_reply(int fd, const Reply *r) {
    Control c = {0};
    struct iovec iov = {r->data, r->len};
    struct msghdr m = {.msg_name = (void *)&r->to, .msg_namelen = sizeof r->to, .msg_iov = &iov, .msg_iovlen = 1,
                       .msg_control = &c, .msg_controllen = sizeof c};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = IPPROTO_IP; h->cmsg_type = IP_PKTINFO;
    h->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
    struct in_pktinfo info = {.ipi_spec_dst = r->from};
    memcpy(CMSG_DATA(h), &info, sizeof info);
    if (sendmsg(fd, &m, 0) >= 0) st.out++, st.bytes_out += r->len;
}

static int is_muted(uint32_t addr) {
    int i = 0;
    while (i < nmute && (ntohl(addr) < mute[i].lo || ntohl(addr) > mute[i].hi)) i++;
    return i < nmute;
}

static void receive(int fd) {            /* one batch of requests */
    static uint8_t in[BATCH][4096], out[HEAD + MAXMSG + 512];
    static struct mmsghdr mm[BATCH];
    static struct sockaddr_in peer[BATCH];
    static struct iovec iov[BATCH];
    static Control ctl[BATCH];
    for (int i = 0; i < BATCH; i++) {
        iov[i] = (struct iovec){in[i], sizeof in[i]};
        mm[i].msg_hdr = (struct msghdr){.msg_name = &peer[i], .msg_namelen = sizeof peer[i], .msg_iov = &iov[i],
                                        .msg_iovlen = 1, .msg_control = &ctl[i], .msg_controllen = sizeof ctl[i]};
    }
    int got = recvmmsg(fd, mm, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) {
        struct cmsghdr *h = CMSG_FIRSTHDR(&mm[i].msg_hdr);
        struct in_pktinfo info;
        if (!h || h->cmsg_type != IP_PKTINFO) continue;
        memcpy(&info, CMSG_DATA(h), sizeof info);
        st.in++; st.bytes_in += mm[i].msg_len;
        if (nmute && is_muted(info.ipi_addr.s_addr)) { st.muted++; continue; }
        if (drop_pct > 0 && drand48() * 100 < drop_pct) { st.dropped++; continue; }
        Reply r = {.to = peer[i], .from = info.ipi_addr};
        r.len = answer(in[i], mm[i].msg_len, info.ipi_addr.s_addr, out, &r.data);
        if (!r.len) { st.ignored++; continue; }
        if (delay_ms <= 0) { send_reply(fd, &r); continue; }
        if (qcount == qsize) { st.dropped++; continue; }
        uint8_t *copy = malloc(r.len);
        if (!copy) abort();
        r.data = memcpy(copy, r.data, r.len);
        r.due = now_ms() + (int64_t)delay_ms;
        queue[(qhead + qcount++) % qsize] = r;
    }
}

static void print_stats(void) {
    printf("requests=%lu replies=%lu bytes_in=%lu bytes_out=%lu varbinds=%lu muted=%lu dropped=%lu ignored=%lu\n",
           st.in, st.out, st.bytes_in, st.bytes_out, st.varbinds, st.muted, st.dropped, st.ignored);
    fflush(stdout);
}

static void on_signal(int sig) { *(sig == SIGUSR1 ? &want_stats : &want_exit) = 1; }

static void usage(int status) {
    fprintf(status ? stderr : stdout,
        "usage: fakeswitch [-p PORT] [-b ADDR] [-n PORTS] [-i FIRST_IFINDEX] [-c COMMUNITY]\n"
        "                  [-s MAX_MESSAGE] [-m ADDR[-ADDR],...] [-d DELAY_MS] [-x DROP_PERCENT]\n"
        "  defaults: -p 1161 -b 0.0.0.0 -n 52 -i 1 -c public -s 1472 -d 0 -x 0\n"
        "  -m  addresses that never answer     SIGUSR1 prints counts; SIGTERM prints them and ends\n");
    exit(status);
}

static double number(const char *s, double lo, double hi) {
    char *end;
    double v = strtod(s, &end);
    if (*s && !*end && v >= lo && v <= hi) return v;
    fprintf(stderr, "fakeswitch: %s is not a number in %g..%g\n", s, lo, hi);
    exit(2);
}

static void parse_mute(char *list) {
    for (char *item = strtok(list, ","); item; item = strtok(NULL, ",")) {
        struct in_addr lo, hi;
        char *dash = strchr(item, '-');
        if (dash) *dash = 0;
        if (nmute == 256 || !inet_aton(item, &lo) || !inet_aton(dash ? dash + 1 : item, &hi)) usage(2);
        mute[nmute].lo = ntohl(lo.s_addr);
        mute[nmute++].hi = ntohl(hi.s_addr);
    }
}

int main(int argc, char **argv) {
    struct sockaddr_in me = {.sin_family = AF_INET, .sin_port = htons(1161)};
    int opt, one = 1, size = 8 << 20;
    while ((opt = getopt(argc, argv, "p:b:n:i:c:s:m:d:x:h")) != -1) switch (opt) {
        case 'p': me.sin_port = htons((uint16_t)number(optarg, 1, 65535)); break;
        case 'b': if (!inet_aton(optarg, &me.sin_addr)) usage(2); break;
        case 'n': nports = (uint32_t)number(optarg, 1, 65535); break;
        case 'i': first_index = (uint32_t)number(optarg, 1, 2e9); break;
        case 'c': if (strlen(community = optarg) > 64) usage(2); break;
        case 's': max_size = (size_t)number(optarg, 484, MAXMSG); break;
        case 'm': parse_mute(optarg); break;
        case 'd': delay_ms = number(optarg, 0, 60000); break;
        case 'x': drop_pct = number(optarg, 0, 100); break;
        case 'h': usage(0); break;
        default: usage(2);
    }
    build_mib();
    srand48(1);
    start_ms = now_ms();
    if (!(queue = calloc(qsize, sizeof *queue))) return 1;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (bind(fd, (struct sockaddr *)&me, sizeof me)) { perror("fakeswitch: bind"); return 1; }
    signal(SIGUSR1, on_signal); signal(SIGTERM, on_signal); signal(SIGINT, on_signal);
    while (!want_exit) {
        struct pollfd pfd = {fd, POLLIN, 0};
        int64_t wait = qcount ? queue[qhead].due - now_ms() : -1;
        if (poll(&pfd, 1, qcount && wait < 0 ? 0 : (int)wait) > 0) receive(fd);
        for (int64_t now = qcount ? now_ms() : 0; qcount && queue[qhead].due <= now; qcount--) {
            send_reply(fd, &queue[qhead]);
            free(queue[qhead].data);
            qhead = (qhead + 1) % qsize;
        }
        if (want_stats) want_stats = 0, print_stats();
    }
    print_stats();
    return 0;
}
