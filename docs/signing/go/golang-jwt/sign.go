// go get github.com/golang-jwt/jwt/v5 && go run sign.go 42 "Ada Lovelace" ada@shop.example
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// User is who is signed in, from your own session.
type User struct {
	ID          int64
	Name, Email string
}

type claims struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	jwt.RegisteredClaims
}

func widgetToken(user User) (string, error) {
	// The bytes of its text, also where it looks like hexadecimal.
	secret := []byte(os.Getenv("WIDGET_JWT_HMAC_SECRET"))
	if len(secret) == 0 {
		return "", errors.New("WIDGET_JWT_HMAC_SECRET is not set")
	}
	if user.ID == 0 {
		return "", errors.New("widgetToken: the user has no id")
	}
	now := time.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		Name:  user.Name,
		Email: user.Email,
		RegisteredClaims: jwt.RegisteredClaims{
			Subject:   strconv.FormatInt(user.ID, 10),
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(time.Hour)),
		},
	})
	return token.SignedString(secret)
}

func main() {
	arguments := append(os.Args[1:], "", "", "")
	id, err := strconv.ParseInt(arguments[0], 10, 64)
	if err != nil {
		log.Fatal("usage: go run sign.go <id> [name] [email]")
	}
	token, err := widgetToken(User{ID: id, Name: arguments[1], Email: arguments[2]})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token)
}
