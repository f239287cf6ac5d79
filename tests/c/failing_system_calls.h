/*
 * System calls for connections, which fail when they are told to.
 *
 * The kernel hands them to a handler in this program (seccomp), however the library makes them, through libc or by itself.
 * The handler makes them, or lets them fail. For Linux on x86-64.
 */
#ifndef FAILING_SYSTEM_CALLS_H
#define FAILING_SYSTEM_CALLS_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "fault.h"

/* What a call of the API is doing. */
enum stage {
    LOOKING, /* whether the connection that was kept is still good */
    CONNECTING,
    SHAKING_HANDS,
    ASKING
};

/* Other than errors: one byte is read, or half is written; that, and EPIPE for the other half; the connection's end. */
enum { SHORT = -1, SHORT_AND_ERROR = -2, END = -3 };

static struct {
    struct fault fault;
    int number; /* which system call fails */
    int error;  /* how */
    bool forever;
    bool https;
    bool connected; /* a connection was made */
    int sent;       /* how many messages left on it */
    bool answered;  /* something came on it after the request */
    bool mattered;  /* what failed is not asked for merely in case that the system has it */
    /* When it failed first, and last: in which stage, on a connection that was there before, in the middle of an answer. */
    enum stage first_stage, stage;
    bool on_kept;
    bool within_answer;
} system_call;

static void fail_system_call(int number, int error, long at, bool forever, bool https)
{
    memset(&system_call, 0, sizeof system_call);
    system_call.fault.at = at;
    system_call.fault.last = forever || error == END ? LONG_MAX : error == SHORT_AND_ERROR ? at + 1 : at;
    system_call.forever = forever;
    system_call.number = number;
    system_call.error = error;
    system_call.https = https;
}

static enum stage stage_of(const greg_t *registers, long number)
{
    const bool reads = number == SYS_recvfrom;
    /* Where an answer does not come at once, it is waited for before it is read. */
    const bool waits_to_read = (number == SYS_poll || number == SYS_ppoll) && registers[REG_RSI] > 0 &&
                               (((const struct pollfd *)registers[REG_RDI])->events & POLLIN) != 0;
    if (!system_call.connected && system_call.sent == 0 && reads) {
        return LOOKING;
    }
    if (reads && (registers[REG_R10] & MSG_PEEK) != 0) {
        return LOOKING;
    }
    if (number != SYS_sendto && !reads && system_call.sent == 0) {
        return CONNECTING;
    }
    /* The last message of a handshake leaves together with the request. */
    if (system_call.https && system_call.connected && system_call.sent < (reads || waits_to_read ? 2 : 1)) {
        return SHAKING_HANDS;
    }
    return ASKING;
}

/* The system call itself. Its one instruction is where the kernel lets it pass. */
long pass(long number, long a, long b, long c, long d, long e, long f);
extern const char passes_here[];
__asm__(".text\n"
        "pass:\n"
        "mov %rdi, %rax\n"
        "mov %rsi, %rdi\n"
        "mov %rdx, %rsi\n"
        "mov %rcx, %rdx\n"
        "mov %r8, %r10\n"
        "mov %r9, %r8\n"
        "mov 8(%rsp), %r9\n"
        "syscall\n"
        "passes_here:\n"
        "ret\n");

static void on_system_call(int signal, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const int number = info->si_syscall;
    const enum stage stage = stage_of(registers, number);
    const bool is_optional =
        number == SYS_setsockopt && registers[REG_RSI] == IPPROTO_TCP && registers[REG_RDX] == TCP_USER_TIMEOUT;
    long length = registers[REG_RDX];
    (void)signal;
    if (number == SYS_connect) {
        system_call.connected = true;
        system_call.answered = false;
        system_call.sent = 0;
        if (system_call.error == END && system_call.fault.struck && !system_call.forever) {
            /* The end was that of the connection before. */
            system_call.fault.last = 0;
        }
    }
    if (number == system_call.number && strikes(&system_call.fault)) {
        const bool other_half = system_call.error == SHORT_AND_ERROR && system_call.fault.count == system_call.fault.at + 1;
        int error = system_call.error;
        if (error == SHORT_AND_ERROR) {
            error = system_call.fault.count == system_call.fault.at ? SHORT : EPIPE;
        }
        if (is_optional) {
            registers[REG_RAX] = -error;
            return;
        }
        if (!system_call.mattered) {
            system_call.first_stage = stage;
        }
        system_call.mattered = true;
        if (!other_half) {
            system_call.stage = stage;
        }
        system_call.on_kept = !system_call.connected;
        system_call.within_answer = system_call.answered;
        if (error != SHORT) {
            registers[REG_RAX] = error == END ? 0 : -error;
            return;
        }
        length = number == SYS_recvfrom ? 1 : (length + 1) / 2;
    }
    registers[REG_RAX] = pass(number, registers[REG_RDI], registers[REG_RSI], length, registers[REG_R10],
                              registers[REG_R8], registers[REG_R9]);
    system_call.sent += number == SYS_sendto;
    system_call.answered |= number == SYS_recvfrom && stage == ASKING && registers[REG_RAX] > 0;
}

/* All that the library asks of the system for a connection. */
static const int SYSTEM_CALLS[] = {
    SYS_socket,     SYS_connect, SYS_poll,  SYS_ppoll,  SYS_getsockopt,
    SYS_setsockopt, SYS_ioctl,   SYS_fcntl, SYS_sendto, SYS_recvfrom,
};

enum { SYSTEM_CALL_COUNT = sizeof SYSTEM_CALLS / sizeof SYSTEM_CALLS[0] };

/* From here on, for good. */
static void take_system_calls(void)
{
    enum { BEFORE = 6 };
    struct sock_filter filter[BEFORE + SYSTEM_CALL_COUNT + 2] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(uintptr_t)passes_here, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)((uintptr_t)passes_here >> 32), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    const struct sock_filter last[] = {
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
    struct sigaction action;
    int which;
    for (which = 0; which < SYSTEM_CALL_COUNT; which++) {
        const struct sock_filter to_the_trap = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)SYSTEM_CALLS[which],
                                                        (unsigned char)(SYSTEM_CALL_COUNT - which), 0);
        filter[BEFORE + which] = to_the_trap;
    }
    memcpy(filter + BEFORE + SYSTEM_CALL_COUNT, last, sizeof last);
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_system_call;
    action.sa_flags = SA_SIGINFO;
    REQUIRE(sigaction(SIGSYS, &action, NULL) == 0);
    REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    REQUIRE(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

#endif
