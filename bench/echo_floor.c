/* The floor under one echo: what a C program pays that does nothing but send and receive them.
 *
 * One raw socket, a loop of sendto and recvmsg, the same pace in the same ticks, the same size of packets and the
 * kernel's receive time, as in the engine; and the least book-keeping that tells a round trip.
 *
 * Usage: echo_floor TARGETS RATE SECONDS TICK_MS; targets are 127.0.0.1 and on.
 * Prints the echoes answered, and in microseconds the CPU time of one, and p50 and p99 of the round trip.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SIZE 22
#define SAMPLES 1000000

static int64_t now(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static uint16_t checksum(const unsigned char *data, int size)
{
	uint32_t sum = 0;
	for (int i = 0; i < size; i += 2)
		sum += data[i] << 8 | data[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static int64_t rtts[SAMPLES];
static long answered;

static void drain(int sock, int64_t *sent, int targets, uint16_t identifier)
{
	unsigned char data[512], control[512];
	struct sockaddr_in from;
	for (;;) {
		struct iovec vector = {data, sizeof data};
		struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &vector,
					 .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
		ssize_t size = recvmsg(sock, &message, MSG_DONTWAIT);
		if (size < 0)
			return;
		uint32_t line;
		uint16_t whose;
		memcpy(&line, data + 20 + 10, 4);
		memcpy(&whose, data + 20 + 4, 2);
		if (size != 20 + SIZE || whose != identifier || line >= (uint32_t)targets || !sent[line])
			continue;
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		if (!header || header->cmsg_type != SO_TIMESTAMPNS)
			continue;
		struct timespec stamp;
		memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
		if (answered < SAMPLES)
			rtts[answered] = stamp.tv_sec * 1000000000LL + stamp.tv_nsec - sent[line];
		answered++;
		sent[line] = 0;
	}
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	int targets = atoi(argv[1]), rate = atoi(argv[2]), seconds = atoi(argv[3]);
	int64_t step = atol(argv[4]) * 1000000LL;
	int sock = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), on = 1, buffer = 4 << 20;
	struct icmp_filter filter = {~(1u << ICMP_ECHOREPLY)};
	int64_t *sent = calloc(targets, sizeof *sent);
	uint16_t identifier = getpid();
	if (sock < 0 || !sent)
		return 1;
	setsockopt(sock, SOL_RAW, ICMP_FILTER, &filter, sizeof filter);
	setsockopt(sock, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
	setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);

	long due = 0, total = (long)rate * seconds;
	int64_t start = now(CLOCK_MONOTONIC), tick = start;
	uint32_t next = 0;
	uint16_t sequence = 0;
	while (due < total) {
		tick += step;
		struct timespec until = {tick / 1000000000LL, tick % 1000000000LL};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		drain(sock, sent, targets, identifier);
		for (long end = (tick - start) / 1000 * rate / 1000000; due < end && due < total; due++) {
			unsigned char packet[SIZE] = {ICMP_ECHO};
			uint16_t mark[2] = {htons(sequence), htons(~sequence)};
			memcpy(packet + 4, &identifier, 2);
			memcpy(packet + 6, mark, 4);
			memcpy(packet + 10, &next, 4);
			uint16_t sum = checksum(packet, SIZE);
			memcpy(packet + 2, &sum, 2);
			struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001 + next)};
			sent[next] = now(CLOCK_REALTIME);
			sendto(sock, packet, SIZE, 0, (struct sockaddr *)&to, sizeof to);
			if (++next == (uint32_t)targets)
				next = 0, sequence++;
		}
	}
	usleep(100000);
	drain(sock, sent, targets, identifier);

	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
	long samples = answered < SAMPLES ? answered : SAMPLES;
	if (samples == 0)
		return 1;
	qsort(rtts, samples, sizeof *rtts, ascending);
	printf("%ld %.3f %.1f %.1f\n", answered, cpu * 1e6 / answered, rtts[samples / 2] * 1e-3,
	       rtts[samples * 99 / 100] * 1e-3);
	return answered < total * 99 / 100;
}
