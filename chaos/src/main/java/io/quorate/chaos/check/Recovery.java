package io.quorate.chaos.check;
final class Recovery { static final double SECONDS_MAX = 30; }
